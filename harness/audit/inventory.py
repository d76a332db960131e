"""The table of an audit: a row for each file of tensors, and one for all."""

from collections import Counter
from collections.abc import Iterable

from ..listing import Listing
from .contents import Contents
from .flaw import plain
from .surveying import Survey

_HEADERS = ("file", "format", "tensors", "bytes", "dtypes")
_MOST_ROWS = 40


def inventory(found: Survey) -> Listing:
    """File, format, tensors, bytes and dtypes; the files beyond the first forty are one row."""
    every = list(found.contents)
    shown = [_row(plain(one.file), one.format, [one]) for one in every[:_MOST_ROWS]]
    rest = every[_MOST_ROWS:]
    if rest:
        shown.append(_row(f"{len(rest)} more files", "", rest))
    if len(every) > 1:
        shown.append(_row(f"all {len(every)} files", "", every))
    return Listing(title="files of tensors and pickles", headers=_HEADERS, rows=tuple(shown))


def _row(name: str, form: str, some: Iterable[Contents]) -> tuple[str, ...]:
    files = list(some)
    counts = Counter(tensor.dtype for contents in files for tensor in contents.tensors)
    size = sum(contents.size for contents in files)
    dtypes = ", ".join(f"{count} {dtype}" for dtype, count in sorted(counts.items()))
    return name, form, f"{counts.total()}", f"{size:,}", dtypes
