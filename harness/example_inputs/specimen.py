"""A specimen: shape and kind of a tensor that may be fed, or a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """`below` is 0 for random float32 numbers, else the tensor holds int64 numbers below it. `value` is no tensor."""

    shape: tuple[int, ...] = ()
    below: int = 0
    value: int | float | bool | None = None

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return torch.Size(self.shape).numel()

    def made(self) -> Any:
        """A fresh one, the same every time."""
        if self.value is not None:
            return self.value
        if self.below:
            return (torch.arange(self.count) % self.below).view(self.shape)
        return torch.rand(self.shape, generator=torch.Generator().manual_seed(0))
