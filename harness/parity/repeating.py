"""Repeating: the same call again, with the same seeds, by the same model, and by one that is built anew."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ..roundtrip.census import Census
from ..roundtrip.fingerprint import fingerprint
from ..roundtrip.quiet import poisoned
from ..roundtrip.running import SEED, Answer, answer, as_it_was, copied, difference, leaves, seeded
from ..roundtrip.state import entries
from ..subject import call
from .asking import drawn
from .tracing import Passage, trace

# Any other one: what is drawn must not be the same by chance.
OTHER_SEED = SEED + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Twice:
    """Two calls one after the other, each after the seeds were set; `changed` are paths that hold something else."""

    first: Answer
    second: Answer
    drew: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def gap(self) -> str | None:
        """How the second differs from the first."""
        return difference(self.first, self.second)


def twice(model: nn.Module, inputs: Any) -> Twice:
    """Call a model twice in evaluation mode; nothing is put back between the two."""
    with as_it_was(model), torch.no_grad():
        seed(SEED)
        first, drew = _told(model, inputs), drawn()
        if first.error is not None:
            return Twice(first=first, second=first)
        seed(SEED)
        second = _told(model, inputs)
    if difference(first, second) is None:
        return Twice(first=first, second=second, drew=drew)
    return Twice(first=first, second=second, drew=drew, changed=_changed(model, inputs))


def _told(model: nn.Module, inputs: Any) -> Answer:
    try:
        return Answer(leaves=tuple(leaves(call(model, copied(inputs)))))
    # Whatever the target raises is what it answered.
    except Exception as error:
        return Answer(error=f"{type(error).__name__}: {error}".splitlines()[0])


def seed(number: int) -> None:
    """Set Python's, NumPy's and PyTorch's generators, those of real accelerators included."""
    torch.manual_seed(number)
    random.seed(number)
    np.random.seed(number)


def _changed(model: nn.Module, inputs: Any) -> tuple[str, ...]:
    """Attributes and buffers that a call leaves with something else in them."""
    with as_it_was(model), torch.no_grad():
        before = _contents(model)
        _told(model, inputs)
        after = _contents(model)
    return tuple(path for path in dict.fromkeys((*before, *after)) if before.get(path) != after.get(path))


def _contents(model: nn.Module) -> dict[str, str]:
    held = {path: slot.print for path, slot in Census(model).slots.items()}
    return held | {entry.name: fingerprint(entry.tensor) for entry in entries(model)}


def put_back(model: nn.Module, inputs: Any) -> str | None:
    """How two calls differ where everything is put back between them; None where they agree."""
    return difference(with_seed(model, inputs), with_seed(model, inputs))


def with_seed(model: nn.Module, inputs: Any, number: int = SEED) -> Answer:
    """The answer where every generator starts at a number; everything is as it was afterwards."""
    with as_it_was(model), torch.no_grad():
        seed(number)
        return _told(model, inputs)


def in_poisoned_memory(model: nn.Module, inputs: Any) -> Answer:
    """The answer where memory that nobody has written to holds NaN, or the greatest integer."""
    with poisoned():
        return answer(model, inputs)


def poisoned_trace(model: nn.Module, inputs: Any) -> list[Passage]:
    """The passages of that call."""
    with poisoned():
        return trace(model, inputs)


def built_anew(build: Callable[[], nn.Module], inputs: Any, place: torch.device) -> tuple[str | None, bool]:
    """How the answers of two models differ that were built under the same seeds; and whether their states agree."""
    answers, states = [], []
    for _ in range(2):
        model = seeded_build(build).to(place)
        states.append({entry.name: fingerprint(entry.tensor) for entry in entries(model)})
        answers.append(with_seed(model, inputs))
    return difference(*answers), states[0] == states[1]


def seeded_build(build: Callable[[], nn.Module]) -> nn.Module:
    """Build with every generator seeded."""
    with seeded():
        return build()
