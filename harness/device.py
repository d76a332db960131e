"""A device: its kind, its index, and whether it is real here or virtual."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where a cell runs. `kind` is `cpu`, `cuda`, `mps` or `xpu`; the CPU is always real."""

    kind: str
    index: int = 0
    virtual: bool = False

    @property
    def name(self) -> str:
        """As PyTorch prints the device of a tensor that lives there: `cpu`, `cuda:1`, `mps:0`."""
        return self.kind if self.kind == "cpu" else f"{self.kind}:{self.index}"

    @property
    def reality(self) -> str:
        """`real` or `virtual`, the word that every result carries."""
        return "virtual" if self.virtual else "real"
