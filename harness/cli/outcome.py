"""The outcome of a command: run the cells, print the report, say how it ended."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from .. import catalog
from ..devices import refuse_unknown, split
from ..environment import here
from ..plan import Cell
from ..report import Report
from ..result import Result, Status
from ..suppressing import applied, configured
from ..writing import refuse_unwritable, write
from .exits import INTERRUPTED, Exit, exit_of, unmet


def refuse_bad_output(options: Namespace) -> None:
    """Raise `UsageError` now for what would otherwise fail after a long run: formats, files, required devices."""
    catalog.renderer(options.format)
    for file in filter(None, (options.output, options.json)):
        refuse_unwritable(file)
    refuse_unknown(split(options.require))
    configured()


def carried_out(cells: Sequence[Cell], options: Namespace) -> Exit:
    """Run cells, report, and return the exit code; after Ctrl-C the rest counts as not checked."""
    import torch  # late, like the engine, which needs it

    from .. import engine
    from ..progress import shown

    torch.set_num_threads(options.threads)
    results: list[Result] = []
    try:
        for result in engine.run(shown(cells)):
            results.append(result)  # one by one: what is there survives Ctrl-C
    except KeyboardInterrupt:
        results += [_interrupted(cell) for cell in cells[len(results) :]]
    settled = applied(results, configured(), cells)
    return concluded(Report(environment=here(), cells=settled), options)


def concluded(report: Report, options: Namespace) -> Exit:
    """Print a report where the options say, close with one line on standard error, and return the exit code."""
    text = catalog.renderer(options.format)(report)
    if options.output:
        write(options.output, text)
    else:
        say(text)
    if options.json:
        write(options.json, report.to_json())
    required = split(options.require)
    code = exit_of(report, required)
    counts = ", ".join(f"{count} {status}" for status, count in report.summary.items() if count)
    because = "".join(f"; {reason}" for reason in unmet(report, required))
    total = len(report.cells)
    findings = len(report.findings)
    found = f"{findings} finding{'s' * (findings != 1)}"
    found += f" and {len(report.suppressed)} suppressed" * bool(report.suppressed)
    _close(f"{total} cell{'s' * (total != 1)} ({counts or 'none'}), {found}{because}")
    return code


def say(text: str) -> None:
    """Print text on standard output; a reader who has left (`| head`) is no error."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Else the interpreter would try to flush the rest at exit, and print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _close(line: str) -> None:
    print(f"samedevice: {line}", file=sys.stderr)


def _interrupted(cell: Cell) -> Result:
    return Result(
        target=cell.target.name,
        device=cell.device,
        check=cell.check.name,
        suite=cell.suite,
        status=Status.NOT_CHECKED,
        reason=INTERRUPTED,
    )
