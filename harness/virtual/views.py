"""Views of parameters: who took one before the model moved, which leaves it with the storage that the parameter had.

`Module.to` gives a parameter another storage. A view of it that somebody keeps has the old one, with the old one's
birth certificate: without more, the line that made the parameter would be blamed, which did nothing wrong.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from .labels import CPU, Label
from .origins import stamp
from .session import Running, Session

_TAKEN: dict[int, Label] = {}


def note(view: Any, source: Any) -> None:
    """Remember the line that takes a view of a parameter now, or a view of such a view."""
    if isinstance(view, Tensor) and (isinstance(source, nn.Parameter) or id(source) in _TAKEN):
        key = id(view)
        _TAKEN[key] = stamp(Label(CPU))
        weakref.finalize(view, _TAKEN.pop, key, None)


def taken(view: Tensor) -> Label | None:
    """The birth certificate of a view of a parameter; None of every other tensor."""
    return _TAKEN.get(id(view))


def data(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`tensor.data`, a view that no operator makes."""
    view = func(*args)
    if session.epoch == 0:
        note(view, args[0])
    return view
