"""`samedevice fidelity record|compare`: what real devices do, and whether virtual ones do it."""

import sys
from argparse import ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Iterable, Sequence

from ..devices import split
from ..writing import refuse_unwritable
from .exits import Exit
from .outcome import say
from .words import Words, described

# The agreement, in percent, below which a virtual device is not trusted.
DEMANDED = 99.5


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command and its two parts."""
    parts = described(commands, "fidelity", "compare the virtual devices with recorded real ones").add_subparsers(
        metavar="PART", required=True
    )
    recording = described(parts, "record", "record what a device does with operands on two devices")
    recording.add_argument(
        "--device",
        metavar="WORD",
        required=True,
        help="cuda:0, mps or xpu, which must be there; virtual:cuda:0 tries the pipeline and makes no reference",
    )
    recording.add_argument("-o", "--output", metavar="FILE", required=True, help="the JSON file to write")
    recording.add_argument("--resume", action="store_true", help="go on with what was interrupted, or recorded in part")
    recording.add_argument("--limit", metavar="N", type=_count, help="at most N operators and programs, evenly spread")
    _shared(recording)
    recording.set_defaults(run=record)
    comparing = described(parts, "compare", "replay a recording on the virtual device of its kind")
    comparing.add_argument("file", metavar="FILE", nargs="?", help="a recording (default: those that ship)")
    comparing.add_argument(
        "--fail-below",
        metavar="PERCENT",
        type=_percent,
        default=DEMANDED,
        help="exit with 1 below this agreement (default: %(default)s)",
    )
    comparing.add_argument(
        "--show", metavar="N", type=_count, default=10, help="rows of each disagreement to list (default: %(default)s)"
    )
    _shared(comparing)
    comparing.set_defaults(run=compare)


def record(options: Namespace) -> Exit:
    """Record the device of the options."""
    from ..fidelity import journal, recorder

    refuse_unwritable(options.output)
    wish = recorder.Wish(
        device=recorder.device_of(options.device),
        file=options.output,
        patterns=split(options.only),
        limit=options.limit,
        resume=options.resume,
        workers=options.workers,
    )
    try:
        recording = recorder.record(wish, _shown)
    except KeyboardInterrupt:
        _close(f"interrupted; go on with --resume, which reads {journal.path(options.output)}")
        return Exit.NOT_CHECKED
    for subject, reason in recording.omitted.items():
        _close(f"omitted {subject}: {reason}")
    warning = "; NO REFERENCE: the device is virtual" if wish.device.virtual else ""
    _close(f"{len(recording.rows)} rows in {options.output}{warning}")
    return Exit.CLEAN


def compare(options: Namespace) -> Exit:
    """Compare the file of the options, or the recordings that ship; the worst exit code of all."""
    from ..fidelity import references

    files = (options.file,) if options.file else references.references()
    if not files:
        say(f"nothing recorded: {references.derived_rows()} rows of the rule table are derived")
        return Exit.NOT_CHECKED
    return max(_compared(file, options) for file in files)


def _compared(file: str, options: Namespace) -> Exit:
    from ..fidelity import comparison

    recording, judged = comparison.compare(file, split(options.only), _shown, options.workers)
    say(comparison.text(recording, judged, options.show))
    total = comparison.total(judged)
    if not total.checked:
        _close("nothing was checked")
        return Exit.NOT_CHECKED
    percent = 100 * total.agreement
    _close(f"{percent:.2f} % of {total.checked} rows agree, {options.fail_below:g} % are demanded")
    return Exit.CLEAN if percent >= options.fail_below else Exit.FINDINGS


def _shown(subjects: Sequence[str]) -> Iterable[str]:
    """The same subjects; a terminal sees how far we are."""
    if not sys.stderr.isatty():
        return subjects
    from rich.console import Console
    from rich.progress import track

    return track(subjects, description="", console=Console(stderr=True), transient=True)


def _shared(parser: Words) -> None:
    parser.add_argument(
        "-j", dest="workers", metavar="N", type=_count, default=1, help="processes side by side (default: %(default)s)"
    )
    parser.add_argument(
        "--only",
        metavar="PATTERNS",
        default="",
        help="only subjects whose name matches, such as 'nn.functional.*' or 'programs/*', with commas",
    )


def _count(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is not a number: 1 or more")
    return int(word)


def _percent(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise ArgumentTypeError(f"{word!r} is not a percentage: 0 to 100")
    return value


def _close(line: str) -> None:
    print(f"samedevice: {line}", file=sys.stderr)
