"""Recipes: a tiny model of a model type, the same every time."""

from typing import Any

import torch

from ...harness.errors import NotChecked
from .architectures import config_class, model_class
from .shrink import shrunk

_SEED = 0


def tiny_config(model_type: str) -> Any:
    """A config of the type with small numbers."""
    cls = config_class(model_type)
    return cls.from_dict(shrunk(cls().to_dict()))


def build(model_type: str) -> Any:
    """A tiny model of the type in evaluation mode, with seeded weights.

    Raises `NotChecked` where transformers builds none of it: a library is missing, or a small config is refused.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        try:
            return model_class(model_type)(tiny_config(model_type)).eval()
        except NotChecked:
            raise
        # Whatever a constructor raises, the zoo has no such animal: that is no defect on a device.
        except Exception as error:
            text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise NotChecked(f"cannot be built: {text}") from error
