"""Every architecture of the installed transformers as a factory of a tiny model, by its model type.

`samedevice check samedevice.suites.zoo.models:bert`; what is no letter or digit in a type is `_` here.
"""

from collections.abc import Callable
from typing import Any

from .architectures import model_types
from .recipes import build


def identifier(model_type: str) -> str:
    """A model type as a name of this module: `kosmos_2_5` for `kosmos-2.5`."""
    return "".join(letter if letter.isalnum() else "_" for letter in model_type)


def __getattr__(name: str) -> Callable[[], Any]:
    found = next((one for one in model_types() if identifier(one) == name), None)
    if found is None:
        raise AttributeError(f"transformers has no model type {name!r}")
    return lambda: build(found)
