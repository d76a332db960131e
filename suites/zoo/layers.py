"""Layers: which of a big model's layers stay in the tiny one, and what becomes of the lists that speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

FEWEST = 2

_COUNTS = ("num_hidden_layers", "num_layers", "n_layer", "n_layers", "num_decoder_layers", "depth", "encoder_layers")
_INDICES = ("indexes", "indices", "idxs", "layer_ids", "block_ids", "hook_ids", "_layers", "hidden_state_indices")
_STAGES = ("out_indices", "_out_indices")  # the stem is 0, and the first layer 1
# Made again from the number of layers.
DERIVED = ("stage_names", "out_features", "_out_features")
_SHORT = 4  # so many indices are a fixed number of outputs; more are a pattern


def few_layers(config: dict[str, Any]) -> dict[str, Any]:
    """The entries of a config that speak of layers, for a few of them.

    Those stay that are needed to have one of each kind (a kind is what all lists together say of a layer), and those
    that a short list of indices names.
    """
    key = next((name for name in _COUNTS if _is_int(config.get(name)) and config[name] > FEWEST), None)
    if key is None:
        return {}
    count = config[key]
    if "depths" in config or "hidden_sizes" in config:  # stages of several layers each
        return {}
    each = {name: value for name, value in config.items() if _is_list(value) and len(value) == count and count >= 4}
    indices = {
        name: value
        for name, value in config.items()
        if name not in each
        and _is_list(value)
        and value
        and name.endswith((*_INDICES, *_STAGES))
        and _within(value, count)
    }
    kept = _kept(count, list(each.values()), [_zero_based(name, value) for name, value in indices.items()])
    made: dict[str, Any] = {key: len(kept)}
    made |= {name: type(value)(value[i] for i in kept) for name, value in each.items()}
    for name, value in indices.items():
        offset = name in _STAGES
        made[name] = type(value)(kept.index(i) + offset for i in _zero_based(name, value) if i in kept)
    made |= {name: _rekeyed(value, kept) for name, value in config.items() if _is_by_layer(value, count)}
    return made


def _kept(count: int, each: list[Any], indices: list[list[int]]) -> list[int]:
    kinds: dict[str, int] = {}
    for i in range(count):
        row = [value[i] for value in each] + [i in named for named in indices if len(named) > _SHORT]
        kinds.setdefault(repr(row), i)
    kept = {*kinds.values(), *(i for named in indices if len(named) <= _SHORT for i in named)}
    kept |= set([i for i in range(count) if i not in kept][: max(0, FEWEST - len(kept))])
    return sorted(kept)


def _rekeyed(by_layer: dict[Any, Any], kept: list[int]) -> dict[Any, Any]:
    return {type(key)(kept.index(int(key))): value for key, value in by_layer.items() if int(key) in kept}


def _is_by_layer(value: Any, count: int) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(str(key).isdecimal() and int(key) < count for key in value)
        and all(isinstance(one, dict) for one in value.values())
    )


def _zero_based(name: str, value: Iterable[int]) -> list[int]:
    return [i - 1 if name in _STAGES else i for i in value]


def _within(value: Iterable[Any], count: int) -> bool:
    return all(_is_int(i) and 0 <= i <= count for i in value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
