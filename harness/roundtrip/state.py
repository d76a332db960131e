"""The state of a module: its registered tensors by name, whether they are saved, and what shares memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """A registered tensor. `saved` is true for parameters and persistent buffers."""

    name: str
    tensor: Tensor
    module: nn.Module
    attribute: str
    kind: str

    @property
    def saved(self) -> bool:
        """Whether a state dict holds it."""
        return self.kind == "parameter" or self.attribute not in self.module._non_persistent_buffers_set


def entries(model: nn.Module) -> Iterator[Entry]:
    """Every parameter and buffer under every name it has."""
    for path, module in model.named_modules(remove_duplicate=False):
        for kind, registered in (("parameter", module._parameters), ("buffer", module._buffers)):
            for attribute, tensor in registered.items():
                if tensor is not None:
                    name = f"{path}.{attribute}" if path else attribute
                    yield Entry(name=name, tensor=tensor, module=module, attribute=attribute, kind=kind)
