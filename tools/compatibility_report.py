"""Write the compatibility report of this repository, `reports/compatibility/`, or say whether it is stale.

    python tools/compatibility_report.py                          # run the suites, then write; minutes
    python tools/compatibility_report.py REPORT ...               # write from JSON reports of `samedevice run`
    python tools/compatibility_report.py --check REPORT ...       # compare; what tox does with the runs that it made

What the baseline accepts is accepted for a reason: `--reason TEXT` where there is something new to accept.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from samedevice.harness import catalog
from samedevice.harness.errors import SamedeviceError
from samedevice.harness.finding import Severity
from samedevice.harness.gate import Comparison, Key, Known, compare, dumped, loaded, unexplained, updated
from samedevice.harness.gate.known import key_of
from samedevice.harness.merging import merged
from samedevice.harness.reading import report_from_json
from samedevice.harness.report import Report
from samedevice.harness.result import Result
from samedevice.reports.scores import is_mean

FOLDER = Path(__file__).parent.parent / "reports/compatibility"
BASELINE = "baseline.jsonl"
# Which file a format goes to. One that is not installed is left out.
FILES = {"markdown": "report.md", "html": "report.html", "badge": "badge.json"}
# Virtual by name, so that the report is the same on a machine with a card.
DEVICES = "cpu,virtual:cuda,virtual:mps"
COMMAND = "python tools/compatibility_report.py"


def main(words: Sequence[str] | None = None) -> int:
    """Write or check; the exit code is the gate's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", metavar="REPORT", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--reason", default="", help="why what is new is accepted")
    options = parser.parse_args(words)
    if options.check and not options.reports:
        parser.error("--check compares reports that are there: name them")
    try:
        reports = [report_from_json(file.read_text(), str(file)) for file in options.reports] or [_run()]
        return check(reports) if options.check else write(reports, options.reason)
    except (SamedeviceError, OSError) as error:
        print(f"{COMMAND}: {error}", file=sys.stderr)
        return 2


def _run() -> Report:
    """A run of every suite that is not a long one. Its exit code does not matter: its report is what is written."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        words = ("run", "--devices", DEVICES, "--format", "json", "-o", str(file))
        subprocess.run([sys.executable, "-m", "samedevice", *words], check=False)
        return report_from_json(file.read_text(), str(file))


def write(reports: Sequence[Report], reason: str = "") -> int:
    """Write the baseline, and the report in every format that is installed."""
    reports = [_as_committed(report) for report in reports]
    baseline = updated(_committed(), reports, reason.strip())
    if count := unexplained(baseline):
        print(f"{count} new: say why to accept, {COMMAND} --reason TEXT", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / BASELINE).write_text(dumped(baseline), encoding="utf-8")
    whole = merged(reports)
    for fmt in sorted(FILES.keys() & set(catalog.formats())):
        (FOLDER / FILES[fmt]).write_text(catalog.renderer(fmt)(whole), encoding="utf-8")
    print(f"{FOLDER.name}: {len(baseline)} cells")
    return 0


def check(reports: Sequence[Report]) -> int:
    """Compare with the committed baseline, as far as these reports go: the devices that they were made on."""
    keys = [key_of(cell) for report in reports for cell in report.cells]
    devices = {(key.device, key.kind) for key in keys if _is_ours(key)}
    if not devices:
        print("the committed report is of virtual devices: nothing of this run is compared")
        return 0
    known = {key: one for key, one in _committed().items() if (key.device, key.kind) in devices}
    compared = Comparison(
        baseline=f"reports/{FOLDER.name}/{BASELINE}",
        level=Severity.WARNING,
        judged=tuple(one for one in compare(known, reports, Severity.WARNING) if _is_ours(one.key)),
        update=COMMAND,
    )
    print(catalog.gate_renderer("table")(compared))
    return 1 if compared.is_broken else 4 * compared.is_open


def _committed() -> dict[Key, Known]:
    file = FOLDER / BASELINE
    return loaded(file.read_text(encoding="utf-8"), str(file)) if file.is_file() else {}


def _as_committed(report: Report) -> Report:
    """Without real cards, and without what is this machine's or this minute's alone: its name, and all times."""
    system = report.environment.platform.partition("-")[0]
    return Report(
        environment=replace(report.environment, platform=system, git=None),
        cells=tuple(_timeless(cell) for cell in report.cells if _is_ours(key_of(cell))),
    )


def _timeless(cell: Result) -> Result:
    return replace(cell, seconds=0.0, measures=tuple(one for one in cell.measures if not is_mean(one.name)))


def _is_ours(key: Key) -> bool:
    """Whether the report is about the cell's device: a real accelerator is somebody's own."""
    return key.device == "cpu" or key.kind == "virtual"


if __name__ == "__main__":
    sys.exit(main())
