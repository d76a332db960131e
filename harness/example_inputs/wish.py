"""A wish: what a model's forward takes, and what its config says about it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BATCH, LENGTH = 2, 8

_PLAIN = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`accepted` are the names of forward's parameters in order, `required` those without a default.

    `main` are the names of `main_input_name`.
    """

    config: Any
    accepted: tuple[str, ...]
    required: tuple[str, ...]
    main: tuple[str, ...]

    def find(self, *names: str) -> Any:
        """The first of these fields that the config has, or one of its sub-configs; None where none has it."""
        for name in names:
            for config in configs(self.config):
                value = getattr(config, name, None)
                if value is not None:
                    return value
        return None

    def number(self, *names: str, default: int) -> int:
        """The same, as a number: the first one of a list."""
        value = self.find(*names)
        while isinstance(value, list | tuple) and value:
            value = value[0]
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def flag(self, name: str) -> bool:
        """A field that is true or false; False where the config does not have it."""
        return bool(getattr(self.config, name, False))

    def part(self, *names: str) -> Wish | None:
        """The wish of a sub-config, such as `vision_config`; None where there is none of these names."""
        for name in names:
            for config in configs(self.config):
                found = getattr(config, name, None)
                if found is not None and hasattr(found, "to_dict"):
                    return Wish(config=found, accepted=self.accepted, required=self.required, main=self.main)
        return None


def wish_of(model: Any) -> Wish:
    """The wish of a model; `config` is None for a plain module."""
    main = getattr(model, "main_input_name", None) or ()
    return Wish(
        config=getattr(model, "config", None),
        accepted=tuple(p.name for p in parameters(model)),
        required=tuple(p.name for p in parameters(model) if p.default is inspect.Parameter.empty),
        main=(main,) if isinstance(main, str) else tuple(main),
    )


def parameters(model: Any) -> list[inspect.Parameter]:
    """The parameters of a model's forward that can be given by name, in order."""
    return [p for p in inspect.signature(model.forward).parameters.values() if p.kind in _PLAIN]


def configs(config: Any) -> Iterator[Any]:
    """A config and all of its sub-configs, the outermost first."""
    yield config
    for value in vars(config).values():
        if hasattr(value, "to_dict") and hasattr(value, "model_type"):
            yield from configs(value)
