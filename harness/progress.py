"""The progress bar of a run: on standard error, and only where that is a terminal."""

import sys
from collections.abc import Iterator, Sequence

from .plan import Cell


def shown(cells: Sequence[Cell]) -> Iterator[Cell]:
    """The same cells; while one is worked on, the bar names it."""
    if not sys.stderr.isatty():
        yield from cells
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=len(cells))
        for cell in cells:
            words = f"{cell.target.name} · {cell.device.reality} {cell.device.name} · {cell.check.name}"
            progress.update(bar, description=escape(words), refresh=True)
            yield cell
            progress.advance(bar)
