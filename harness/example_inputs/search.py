"""Search: arguments that a plain module takes, found by trying."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import torch
from torch import nn

from ..aside import aside
from ..errors import NotChecked
from .hints import hints, numbers
from .specimen import Specimen
from .trying import raised
from .wish import parameters

_TRIES, _SECONDS = 200, 5.0
_LARGEST = 400_000  # numbers in a tensor
_MOST = 4  # arguments: the ways to choose more of them are too many
_TOKENS = ("ids", "token", "index", "indices", "labels", "timestep", "tokens")
_SCALARS: dict[Any, Specimen] = {int: Specimen(value=1), float: Specimen(value=1.0), bool: Specimen(value=False)}
_SCALARS |= {kind.__name__: specimen for kind, specimen in _SCALARS.items()}


def search(make: Callable[[], nn.Module]) -> dict[str, Specimen]:
    """A specimen for each argument that forward requires, so that a new model on the CPU runs.

    What the layers say comes first, then shapes of all kinds; hypothesis chooses and makes them small. Deterministic,
    and over after 200 tries or five seconds. Raises `NotChecked` where nothing was found.
    """
    with aside(), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = make()
        required = [p for p in parameters(model) if p.default is inspect.Parameter.empty]
        names = ", ".join(parameter.name for parameter in required)
        if len(required) > _MOST:
            raise NotChecked(f"forward wants {names}, too many to search for")
        tries = _Tries(model=model)
        found = _found(model, required, tries)
    if found is None:
        first = f"; with the likeliest it raises {tries.first}" if tries.first else ""
        raise NotChecked(f"forward wants {names}, and none of {tries.count} tried is taken{first}")
    return found


class _Tries:
    """Calls one model with specimens, each once, and no more when the time is over; keeps what it took."""

    def __init__(self, model: nn.Module) -> None:
        self.model, self.count, self.first = model, 0, ""
        self.taken: dict[str, Specimen] | None = None
        self._answers: dict[tuple[Specimen, ...], bool] = {}
        self._end = monotonic() + _SECONDS

    def takes(self, specimens: dict[str, Specimen]) -> bool:
        """True where the model runs on these."""
        key = tuple(specimens.values())
        if key not in self._answers:
            self._answers[key] = monotonic() < self._end and self._runs(specimens)
        if self._answers[key]:
            self.taken = dict(specimens)
        return self._answers[key]

    def _runs(self, specimens: dict[str, Specimen]) -> bool:
        if any(specimen.count > _LARGEST for specimen in specimens.values()):
            return False
        self.count += 1
        refused = raised(self.model, {name: specimen.made() for name, specimen in specimens.items()})
        self.first = self.first or refused or ""
        return refused is None


def _found(model: nn.Module, required: list[inspect.Parameter], tries: _Tries) -> dict[str, Specimen] | None:
    from hypothesis import HealthCheck, Phase, find, settings  # late: a third of a second, for those who need it
    from hypothesis.errors import NoSuchExample

    rules = settings(
        max_examples=_TRIES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    for strategy in _strategies(model, required):
        with suppress(NoSuchExample):
            find(strategy, tries.takes, settings=rules)
            return tries.taken  # the last that was taken is the smallest
    return None


def _strategies(model: nn.Module, required: list[inspect.Parameter]) -> list[Any]:
    """At first only what the layers say, then any shape."""
    from hypothesis import strategies as st

    known, sizes = hints(model), numbers(model)
    shapes = st.lists(st.sampled_from(sizes), min_size=1, max_size=5).map(tuple)
    free = st.builds(lambda shape, below: Specimen(shape=shape, below=below), shapes, st.sampled_from((0, 2)))
    likely = {p.name: st.sampled_from(_likely(p, known)) for p in required}
    any_shape = {p.name: likely[p.name] | free if p.annotation not in _SCALARS else likely[p.name] for p in required}
    return [st.fixed_dictionaries(likely), st.fixed_dictionaries(any_shape)]


def _likely(parameter: inspect.Parameter, known: list[Specimen]) -> list[Specimen]:
    """The hints in the order that a parameter's annotation and name speak for."""
    if parameter.annotation in _SCALARS:
        return [_SCALARS[parameter.annotation]]
    wants_tokens = any(part in _TOKENS for part in parameter.name.lower().split("_"))
    return sorted(known, key=lambda specimen: bool(specimen.below) is not wants_tokens) if wants_tokens else known
