"""The step of the GitHub Action that runs and gates: `python -m samedevice.harness.ci.action`.

It ends with 0 whatever it found, so that the steps after it upload and comment; what it found is the output
`exit-code`, which the last step ends with.
"""

import os
import shlex
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

# Of the exit codes of the command line: a run that has a report. The others have said what is wrong on standard error.
_REPORTED = (0, 1, 4)
# A step summary holds 1 MiB.
_MOST_CHARACTERS = 900_000
_SUMMARY = "GITHUB_STEP_SUMMARY"


def main(words: Sequence[str] | None = None) -> int:
    """Run samedevice, or take reports that are there; gate, render, and write the outputs of the step."""
    options = _parser().parse_args(words)
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    reports, code = list(options.reports), 0
    if not reports:
        reports = [str(folder / "report.json")]
        code = _samedevice(*shlex.split(options.args), "--json", reports[0])
    if code in _REPORTED:
        code = _rendered(reports, folder, options, code)
    else:
        text = f"**samedevice did not run to its end: exit code {code}.** The log of the step says why.\n"
        (folder / "comment.md").write_text(text, encoding="utf-8")
    _summarize((folder / "comment.md").read_text(encoding="utf-8"))
    sarif = folder / "report.sarif"
    _output({"exit-code": str(code), "comment": str(folder / "comment.md"), "sarif": str(sarif) * sarif.is_file()})
    return 0


def _rendered(reports: Sequence[str], folder: Path, options: Namespace, code: int) -> int:
    """Write what the later steps need, and return the exit code of the gate, or of the run where there is none."""
    _samedevice("report", *reports, "--format", "sarif", "-o", str(folder / "report.sarif"))
    # Annotations are lines of the log that GitHub reads: findings in the diff, also where SARIF may not be uploaded.
    comment = ("--format", "markdown", "-o", str(folder / "comment.md"))
    if not options.baseline:
        _samedevice("report", *reports, "--format", "github")
        return _samedevice("report", *reports, *comment)
    words = ("gate", *reports, "--baseline", options.baseline, "--fail-level", options.fail_level)
    _samedevice(*words)
    _samedevice(*words, "--format", "github")
    gated = _samedevice(*words, *comment)
    if gated not in _REPORTED:
        text = f"**The gate could not be asked: exit code {gated}.** The log of the step says why.\n"
        (folder / "comment.md").write_text(text, encoding="utf-8")
    return gated


def _samedevice(*words: str) -> int:
    print(f"$ samedevice {shlex.join(words)}", flush=True)
    # The summary of the step is written once, here, and not by each report in the format `github` as well.
    environment = {name: value for name, value in os.environ.items() if name != _SUMMARY}
    return subprocess.run([sys.executable, "-m", "samedevice", *words], env=environment, check=False).returncode


def _summarize(text: str) -> None:
    file = os.environ.get(_SUMMARY)
    if file:
        with open(file, "a", encoding="utf-8") as opened:
            opened.write(text[:_MOST_CHARACTERS] + "\n")


def _output(values: dict[str, str]) -> None:
    file = os.environ.get("GITHUB_OUTPUT")
    if file:
        with open(file, "a", encoding="utf-8") as opened:
            opened.writelines(f"{name}={value}\n" for name, value in values.items())


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m samedevice.harness.ci.action", description=__doc__)
    parser.add_argument("--args", default="run", help="the words after `samedevice`")
    parser.add_argument("--reports", nargs="*", default=[], help="reports that are there, instead of a run")
    parser.add_argument("--baseline", default="", help="the committed baseline; without one the run itself decides")
    parser.add_argument("--fail-level", default="warning")
    parser.add_argument("--out", default="samedevice", help="the folder for what the later steps need")
    return parser


if __name__ == "__main__":
    sys.exit(main())
