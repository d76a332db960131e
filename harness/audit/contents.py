"""What a file of tensors holds, as read from its headers alone."""

from dataclasses import dataclass, field

from ..finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Bytes of a file: `size` of them from `start`."""

    start: int
    size: int

    @property
    def end(self) -> int:
        """The first byte after the region."""
        return self.start + self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """One tensor: its key, dtype as safetensors spells it (`F32`, `BF16`), shape, and where its bytes are.

    `region` is None where the file holds no bytes of its own for it. `view` says how a tensor that
    does not lie in one piece is cut out of the region. `container` is the path of the dict that
    holds it, empty for the outermost.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    region: Region | None
    view: str = ""
    container: str = ""

    @property
    def key(self) -> str:
        """The key in its own dict: what `load_state_dict` would be given."""
        return self.name[len(self.container) + 1 :] if self.container else self.name

    @property
    def bytes(self) -> int:
        """Bytes of the region; a region that two tensors share counts for both."""
        return 0 if self.region is None else self.region.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A member of a zip archive: where its bytes are, and whether they are there as they are or deflated."""

    name: str
    region: Region
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A file of tensors. `sound` is False where the headers could not be read to their end."""

    file: str
    format: str
    size: int
    tensors: tuple[Tensor, ...] = ()
    entries: tuple[Entry, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    sound: bool = True

    def named(self) -> dict[str, Tensor]:
        """The tensors by name."""
        return {tensor.name: tensor for tensor in self.tensors}
