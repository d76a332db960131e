"""The progress bar of a run: on standard error, and only where that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .plan import Cell


@contextmanager
def bar(total: int, done: int = 0) -> Iterator[Callable[[Cell | None], None]]:
    """A bar of `total` cells, of which some are done. Told a cell, it names it as worked on; told None, it moves on."""
    if not sys.stderr.isatty():
        yield lambda cell: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, completed=done)

        def tell(cell: Cell | None) -> None:
            if cell is None:
                progress.advance(task)
                return
            words = f"{cell.target.name} · {cell.device.reality} {cell.device.name} · {cell.check.name}"
            progress.update(task, description=escape(words), refresh=True)

        yield tell
