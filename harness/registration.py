"""Model types that transformers does not have: who registers one is imported when a checkpoint of it is loaded.

An entry point of the group `samedevice.models` is named after a `model_type` and leads to a module whose import
registers it with transformers' Auto classes. Only the entry of the type at hand is followed: a package that is broken,
or slow to import, costs nobody else anything.
"""

from importlib.metadata import entry_points
from typing import Any

from . import entry

MODELS = "samedevice.models"


def register(model_type: str | None) -> None:
    """Import what registers a model type, if an installed package has it. Raises `UsageError` where that fails."""
    if model_type is not None:
        for found in entry_points(group=MODELS, name=model_type):
            entry.load(found)


def registered(config: Any) -> tuple[type, ...]:
    """The model classes that some Auto class has for this config's class, in no order that means anything."""
    from transformers.models.auto import modeling_auto  # late: torch

    found: dict[type, None] = {}
    for name, mapping in vars(modeling_auto).items():
        if name.startswith("MODEL_") and name.endswith("_MAPPING"):
            held = mapping.get(type(config), ())
            found.update(dict.fromkeys(held if isinstance(held, tuple | list) else (held,)))
    return tuple(kind for kind in found if isinstance(kind, type))
