"""Exceptions: the model types that the rules of size do not fit, each with its reason."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

# By the model type of a config or sub-config: what its dict gets after all rules.
_EXCEPTIONS: Mapping[str, Mapping[str, Any]] = {
    # heads x head size is the expanded width
    "mamba2": {"num_heads": 8},
    # the attention layers must be among the few that stay
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1},
}

# A backbone of transformers' own in place of one from a library that is not there.
_RESNET = {"model_type": "resnet", "embedding_size": 8, "hidden_sizes": [8, 16, 32, 64], "depths": [1, 1, 1, 1]}


def exceptions(model_type: Any) -> Mapping[str, Any]:
    """What the dict of a config of this type gets after all rules."""
    return _EXCEPTIONS.get(model_type, {})


def native(config: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same dict, with a ResNet of transformers instead of a backbone of timm where that is not installed."""
    if config.get("model_type") != "timm_backbone" or find_spec("timm") is not None:
        return dict(config)
    return {**_RESNET, "out_features": [f"stage{i}" for i in range(1, 5)][-len(config.get("out_indices") or [0]):]}
