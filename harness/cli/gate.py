"""`samedevice gate REPORT --baseline FILE`: does a run do what the project has committed to?"""

import shlex
import sys
from argparse import ArgumentTypeError, Namespace, _SubParsersAction
from pathlib import Path

from .. import catalog
from ..errors import UsageError
from ..finding import Severity
from ..gate import Comparison, Key, Known, compare, dumped, loaded, overheads, unexplained, updated
from ..report import Report
from ..writing import refuse_unwritable, write
from .exits import Exit
from .outcome import say
from .report import read
from .words import Words, described


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "gate", "compare JSON reports with a committed baseline")
    parser.add_argument(
        "files",
        metavar="REPORT",
        nargs="+",
        help="a JSON report; several are shards of a run, or the same run again, which shows what is flaky",
    )
    parser.add_argument("--baseline", metavar="FILE", required=True, help="the committed baseline")
    parser.add_argument("--update", action="store_true", help="write the baseline that the reports hold to")
    parser.add_argument("--reason", metavar="TEXT", default="", help="with --update: why new failures are accepted")
    parser.add_argument(
        "--fail-level",
        choices=[severity.value for severity in Severity],
        default=Severity.WARNING.value,
        help="findings below it are not compared (default: %(default)s)",
    )
    parser.add_argument(
        "--max-overhead",
        metavar="RATIO",
        type=_ratio,
        help="fail where a device took more than this many times as long as the CPU for the same work in the same "
        "report (default: times are not compared)",
    )
    parser.add_argument("--format", metavar="FORMAT", default="table", help="table (default), markdown, json or github")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the comparison there, not on standard output")
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Compare the reports of the options with the baseline, or update it."""
    render = catalog.gate_renderer(options.format)
    if options.output:
        refuse_unwritable(options.output)
    if options.reason.strip() and not options.update:
        raise UsageError("--reason says why --update accepts something: give both")
    reports = [read(file) for file in options.files]
    known = _baseline(options)
    if options.update:
        return _update(options, known, reports)
    text = render(compared := _compared(options, known, reports))
    if options.output:
        write(options.output, text)
    else:
        say(text)
    counts = ", ".join(f"{count} {state}" for state, count in compared.counts.items())
    _close(f"the gate {_verdict(compared)}: {counts or 'no cells'}")
    if compared.is_broken:
        return Exit.FINDINGS
    return Exit.NOT_CHECKED if compared.is_open else Exit.CLEAN


def _baseline(options: Namespace) -> dict[Key, Known]:
    path = Path(options.baseline)
    try:
        return loaded(path.read_text(encoding="utf-8"), options.baseline)
    except FileNotFoundError:
        if options.update:
            refuse_unwritable(options.baseline)
            return {}
        raise UsageError(f"no baseline {options.baseline}; {_command(options)} writes it") from None
    except OSError as error:
        raise UsageError(f"cannot read {options.baseline}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{options.baseline} is no samedevice baseline: it is not UTF-8 text") from error


def _compared(options: Namespace, known: dict[Key, Known], reports: list[Report]) -> Comparison:
    level = Severity(options.fail_level)
    return Comparison(
        baseline=options.baseline,
        level=level,
        judged=compare(known, reports, level),
        update=_command(options, needs_reason=bool(unexplained(updated(known, reports)))),
        overheads=() if options.max_overhead is None else overheads(reports, options.max_overhead),
    )


def _update(options: Namespace, known: dict[Key, Known], reports: list[Report]) -> Exit:
    made = updated(known, reports, options.reason.strip())
    if count := unexplained(made):
        what = "1 flaw is" if count == 1 else f"{count} flaws are"
        raise UsageError(f"{what} not in the baseline yet: say why to accept: {_command(options, needs_reason=True)}")
    write(options.baseline, dumped(made))
    added, removed = len(made.keys() - known.keys()), len(known.keys() - made.keys())
    changed = sum(known[key] != made[key] for key in known.keys() & made.keys())
    _close(f"{options.baseline} holds {len(made)} cells: {added} added, {removed} removed, {changed} changed")
    return Exit.CLEAN


def _command(options: Namespace, *, needs_reason: bool = False) -> str:
    words = ["samedevice", "gate", *options.files, "--baseline", options.baseline, "--update"]
    return shlex.join([*words, *(["--reason", "why"] if needs_reason else [])])


def _verdict(compared: Comparison) -> str:
    if compared.is_broken:
        return "fails"
    return "was not checked in full" if compared.is_open else "holds"


def _ratio(word: str) -> float:
    try:
        ratio = float(word)
    except ValueError:
        ratio = 0.0
    if not ratio > 0:
        raise ArgumentTypeError(f"{word!r} is no ratio: a number above 0, such as 8")
    return ratio


def _close(line: str) -> None:
    print(f"samedevice: {line}", file=sys.stderr)
