"""A comparison: a recording of one device, replayed on the virtual device of its kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version

from ..errors import UsageError
from .comparison_text import render
from .judging import Judged, judged
from .process import Worker
from .recorder import refuse_missing
from .recording import Recording, read
from .score import Score, score
from .subjects import is_picked


def compare(
    file: str, patterns: Sequence[str], shown: Callable[[Sequence[str]], Iterable[str]], workers: int = 1
) -> tuple[Recording, tuple[Judged, ...]]:
    """Replay the rows of a file whose subjects match. Raises `UsageError`."""
    recording = read(file)
    rows = tuple(row for row in recording.rows if is_picked(row.call.subject, patterns))
    if not rows:
        raise UsageError(f"{file} has no row" + (f" that matches {', '.join(patterns)}" if patterns else ""))
    refuse_missing(sorted({row.call.subject for row in rows}))
    device = replace(recording.header.device, virtual=True)
    return recording, judged(lambda: Worker(f"virtual:{device.name}"), rows, shown, workers)


def total(found: Sequence[Judged]) -> Score:
    """The score over all rows."""
    return score("all", found)


def text(recording: Recording, found: Sequence[Judged], most: int) -> str:
    """The comparison as text, with at most `most` rows of each disagreement."""
    return render(recording.header, found, version("torch"), most)
