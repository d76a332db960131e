"""The gate: a run compared with what a project has committed to, its baseline."""

from .baseline import dumped, loaded
from .comparing import compare, named
from .comparison import Comparison, Judged, Overhead, State
from .known import Flaw, Key, Known
from .overhead import overheads
from .updating import unexplained, updated

__all__ = [
    "Comparison",
    "Flaw",
    "Judged",
    "Key",
    "Known",
    "Overhead",
    "State",
    "compare",
    "dumped",
    "loaded",
    "named",
    "overheads",
    "unexplained",
    "updated",
]
