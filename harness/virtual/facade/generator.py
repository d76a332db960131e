"""`torch.Generator(device="cuda")`: a CPU generator that says where it belongs.

All virtual devices and the CPU draw from one kind of engine, so the same seed gives the same numbers everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .. import generators
from ..labels import CPU, Label
from ..moves import device_of
from ..origins import stamp
from ..refusal import refuse
from ..session import Session

Replacement = tuple[Any, str, Any]
_Native = torch._C.Generator


class _Recognising(type(_Native)):  # type: ignore[misc]
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _Native)


def replacements(session: Session) -> Iterator[Replacement]:
    """`torch.Generator`, which keeps recognising generators made before."""

    class Generator(_Native, metaclass=_Recognising):
        """A random number generator of a virtual device."""

        _place = torch.device("cpu")

        def __new__(cls, device: Any = "cpu") -> Any:
            place = session.resolve(device)
            made = super().__new__(cls, device=place if not session.owns(place.type) else torch.device("cpu"))  # type: ignore[call-arg]
            if session.owns(place.type):
                made._place = place
            generators.put(made, stamp(Label(place, epoch=session.epoch)))
            return made

        def set_state(self, new_state: torch.Tensor) -> torch.Generator:
            """Set the state, which must be a host tensor."""
            _refuse_foreign_state(session, new_state)
            super().set_state(new_state)
            return self

        def clone_state(self) -> torch.Generator:
            """A generator of the same place that goes on with the same numbers."""
            twin: torch.Generator = type(self)(self.device)
            return twin.set_state(self.get_state())

        @property
        def device(self) -> torch.device:  # type: ignore[override]
            """Where the generator belongs."""
            return self._place if self._place.type != "cpu" else super().device

    yield torch, "Generator", Generator
    for owner in (torch, torch.random):
        yield owner, "set_rng_state", lambda new_state: set_rng_state(session, new_state)


def set_rng_state(session: Session, new_state: torch.Tensor) -> None:
    """Set the state of the default generator, which all devices share. Refuses a state that is on a device."""
    _refuse_foreign_state(session, new_state)
    torch.default_generator.set_state(new_state)


def _refuse_foreign_state(session: Session, state: torch.Tensor) -> None:
    """What `torch.load(..., map_location="cuda")` does to a saved random state."""
    with torch._C.DisableTorchFunction():
        place = device_of(session, state)
    if place is not None and place is not CPU:
        refuse(
            session,
            TypeError,
            "RNG state must be a torch.ByteTensor",
            code="SD202",
            op="Generator.set_state",
            culprit=state,
            expected=CPU,
        )
