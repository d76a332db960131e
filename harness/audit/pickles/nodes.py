"""What a pickle describes, as inert nodes: nothing here is a live object, and nothing was imported to make it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class Global:
    """A name that unpickling would import. `called` is True where it would also be called."""

    module: str
    name: str
    called: bool = False

    @property
    def path(self) -> str:
        """As the unpickler looks it up: `posix.system`."""
        return f"{self.module}.{self.name}"

    @property
    def spelled(self) -> str:
        """As one would write it: `os.system`, which pickles of Linux call `posix.system`."""
        return f"os.{self.name} ({self.path})" if self.module in ("posix", "nt") else self.path


@dataclass(slots=True, eq=False)
class Call:
    """The result of a call: what would be called with what, and what would be put into the result afterwards."""

    function: Any
    arguments: Any
    state: Any = None
    pairs: list[tuple[Any, Any]] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The path of what is called; empty where that is no plain name."""
        return self.function.path if isinstance(self.function, Global) else ""


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict, whose keys need not be hashable here."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def get(self, key: str) -> Any:
        """The last value under a key of text; None where there is none."""
        return next((value for told, value in reversed(self.pairs) if told == key), None)


@dataclass(slots=True, eq=False)
class Persistent:
    """Something that lies outside of the pickle: a storage, for torch."""

    pid: Any


@dataclass(slots=True, eq=False)
class Opaque:
    """Bytes or text too long to keep."""

    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One pickle, walked: its root, the names that it imports, and where it ends or why it does not."""

    root: Any
    globals: tuple[Global, ...]
    computed: bool
    protocol: int
    end: int
    problem: str | None


def pairs_of(node: Any) -> list[tuple[Any, Any]] | None:
    """The items of a dict or of something that is filled like one, an OrderedDict say; None for other nodes."""
    if isinstance(node, Mapping):
        return node.pairs
    if isinstance(node, Call) and node.path in ("collections.OrderedDict", "collections.defaultdict"):
        return node.pairs
    return None
