"""`samedevice report FILE ...`: render JSON reports again, several as one."""

import sys
from argparse import Namespace, _SubParsersAction
from pathlib import Path

from ..errors import UsageError
from ..merging import differing, merged
from ..reading import report_from_json
from ..report import Report
from ..shard import lacking
from .exits import Exit
from .outcome import close, concluded, refuse_bad_output
from .words import Words, described, output_options


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "report", "render JSON reports, several of them merged")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a JSON report; - is standard input")
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Render the files of the options; the exit code is the one that the merged run would have had."""
    refuse_bad_output(options)
    reports = [read(file) for file in options.files]
    whole = merged(reports)
    if names := differing(reports):
        close(f"the reports were made with different environments: {', '.join(names)}")
    return concluded(whole, options, lacking(whole.shards))


def read(file: str) -> Report:
    """The report of a file; `-` is standard input. Raises `UsageError`."""
    return report_from_json(_text(file), file)


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not JSON: it is not UTF-8 text") from error
