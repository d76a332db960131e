"""The suppressions that stand in the code of a checked model: those that a run can tell to be stale."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..suppression import Comment
from .comments import in_definition


@dataclass(frozen=True, slots=True, eq=False)
class Noted:
    """A target's `build` that remembers which suppressions stand in the classes of what it built."""

    build: Callable[[], Any]
    met: dict[Comment, None] = field(default_factory=dict)

    def __call__(self) -> Any:
        """Build, and look at the classes of all modules of the model."""
        from ..reach.territory import own_classes  # late: torch, without which the command line knows its words

        model = self.build()
        for cls in own_classes(model.modules() if hasattr(model, "modules") else ()):
            file = getattr(sys.modules.get(cls.__module__), "__file__", None) or ""
            self.met.update(dict.fromkeys(in_definition(file, cls.__qualname__)))
        return model

    def __reduce__(self) -> tuple[Callable[[Any], Any], tuple[Any]]:
        """Pickle as the recipe alone, which is what a process elsewhere wants."""
        return _itself, (self.build,)


def _itself(build: Any) -> Any:
    return build
