"""The outcome of a command: print the report, say how it ended."""

import os
import sys
from argparse import Namespace

from .. import catalog
from ..devices import refuse_unknown
from ..errors import UsageError
from ..report import Report
from ..suppressing import configured
from ..writing import refuse_unwritable, write
from .exits import Exit, exit_of, unmet
from .step_summary import summarize


def refuse_bad_output(options: Namespace) -> None:
    """Raise `UsageError` now for what would otherwise fail after a long run: formats, files, required devices."""
    catalog.renderer(options.format)
    for file in filter(None, (options.output, options.json)):
        refuse_unwritable(file)
    refuse_unknown(options.require)
    configured()


def concluded(report: Report, options: Namespace, missing: tuple[str, ...] = ()) -> Exit:
    """Print a report where the options say, close with one line on standard error, and return the exit code.

    `missing` is what else should have been there, in words.
    """
    if options.json:
        write(options.json, report.to_json())
    text = catalog.renderer(options.format)(report)
    if options.output:
        write(options.output, text)
    else:
        say(text)
    summarize(report, options)
    required = tuple(options.require)
    code = exit_of(report, required, missing)
    counts = ", ".join(f"{count} {status}" for status, count in report.summary.items() if count)
    because = "".join(f"; {reason}" for reason in (*unmet(report, required), *missing))
    total = len(report.cells)
    findings = len(report.findings)
    found = f"{findings} finding{'s' * (findings != 1)}"
    found += f" and {len(report.suppressed)} suppressed" * bool(report.suppressed)
    close(f"{total} cell{'s' * (total != 1)} ({counts or 'none'}), {found}{because}")
    return code


def say(text: str) -> None:
    """Print text on standard output; a reader who has left (`| head`) is no error, a full disk is a `UsageError`."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except OSError as error:
        # Else the interpreter would try to flush the rest at exit, and print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"cannot write to standard output: {error.strerror}") from error


def close(line: str) -> None:
    """One line on standard error, in our name."""
    print(f"samedevice: {line}", file=sys.stderr)
