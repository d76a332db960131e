"""The audit: every question about a checkpoint directory or file, before anyone loads it."""

import os
from collections import Counter
from collections.abc import Iterator

from ..finding import Finding
from ..measure import Measure
from . import flaw
from .questions import OF_A_FILE, QUESTIONS
from .surveying import Survey, survey


def audit(path: str | os.PathLike[str], *, values: bool | None = None) -> Iterator[Finding | Measure]:
    """Audit a checkpoint directory or file: findings first, then what was counted.

    Reads headers, and the tensors' own bytes where `values` is True, or where it is None and all of
    them are small (256 MB). Imports no torch and runs nothing of the checkpoint. Raises
    `errors.UsageError` where nothing is at the path, `errors.NotChecked` where no checkpoint is.
    """
    found = survey(path, values=values)
    yield from findings(found)
    yield from measures(found)


def findings(found: Survey) -> Iterator[Finding]:
    """The answers to every question."""
    for question in QUESTIONS if found.whole else OF_A_FILE:
        for snapshot in found.snapshots:
            yield from question(snapshot)
    if not found.depth:
        size = sum(contents.size for contents in found.contents)
        what = f"headers only: the values and checksums of {size} bytes were not read"
        yield flaw.note("SD756", found.path.name or ".", what, "give --values to read them as well")


def measures(found: Survey) -> Iterator[Measure]:
    """Files of tensors, tensors, bytes, tensors of each dtype, and whether their values were read."""
    tensors = [tensor for contents in found.contents for tensor in contents.tensors]
    yield Measure(name="files", value=sum(len(one.folder.files) for one in found.snapshots))
    yield Measure(name="tensor_files", value=sum(bool(contents.tensors) for contents in found.contents))
    yield Measure(name="tensors", value=len(tensors))
    yield Measure(name="bytes", value=sum(contents.size for contents in found.contents))
    for dtype, count in sorted(Counter(tensor.dtype for tensor in tensors).items()):
        yield Measure(name=f"tensors_{dtype}", value=count)
    yield Measure(name="values_read", value=int(found.depth))
