"""A method: an encoding class and the place where it acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import nn

Place = Literal["embedding", "rotation", "bias"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One row of the table.

    `encoding` is called with one size and keyword options. The place says which size it is: the width of the
    hidden states for an embedding, the width of one head for a rotation, the number of heads for a bias.
    """

    encoding: Callable[..., nn.Module]
    place: Place

    def build(self, *, hidden_size: int, num_heads: int, options: dict[str, Any] | None = None) -> nn.Module:
        """Make the encoding for a model of these sizes."""
        size = {"embedding": hidden_size, "rotation": hidden_size // num_heads, "bias": num_heads}[self.place]
        return self.encoding(size, **(options or {}))
