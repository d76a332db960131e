"""Shrinking: from the dict of a transformers config to that of the smallest model of the same architecture."""

from collections.abc import Iterator
from typing import Any

from .exceptions import excepted, native
from .layers import DERIVED, few_layers
from .sizes import HEAD, VOCABULARY, small
from .stages import few, sections

_FIRST_SPECIAL = 96  # tokens below are plain text


def shrunk(config: dict[str, Any]) -> dict[str, Any]:
    """The dict with small numbers wherever a size is written, in every sub-config too.

    Widths become 64, heads 4, layers two (or one of each kind), vocabularies 128 with the special tokens among the
    last ones, each still different from the others.
    """
    return _walked(config, _special(config))


def _walked(config: dict[Any, Any], special: dict[int, int]) -> dict[Any, Any]:
    config = native(config)
    layered = few_layers(config)
    made = {}
    for key, value in config.items():
        if not isinstance(key, str):
            made[key] = value
        elif key in layered:
            made[key] = layered[key]
        elif layered and key in DERIVED:
            continue
        elif isinstance(value, dict):
            made[key] = _walked(value, special) if _is_config(key, value) else _of_dict(key, value)
        elif _is_token(key):
            made[key] = _renamed(value, special)
        elif isinstance(value, list | tuple):
            made[key] = few(key, value, config)
        elif key == "head_dim" and value is None:
            made[key] = HEAD
        else:
            made[key] = small(key, value, config)
    return excepted(made)


def _is_config(key: Any, value: dict[Any, Any]) -> bool:
    return "model_type" in value or (isinstance(key, str) and key.endswith("config"))


def _of_dict(key: str, value: dict[str, Any]) -> dict[str, Any]:
    if "rope" not in key:
        return value
    made: dict[str, Any] = {}
    for name, one in value.items():
        if isinstance(one, dict):
            made[name] = _of_dict(key, one)
        elif name.startswith("mrope_section"):
            half = int(HEAD * (value.get("partial_rotary_factor") or 1)) // 2
            made[name] = sections(one, half)
        else:
            made[name] = one
    return made


def _is_token(key: Any) -> bool:
    return isinstance(key, str) and key.endswith(("token_id", "token_index", "token_ids"))


def _special(config: dict[str, Any]) -> dict[int, int]:
    """New numbers for the special tokens that a small vocabulary has no room for."""
    far = sorted({token for token in _tokens(config) if token >= _FIRST_SPECIAL})
    return {token: _FIRST_SPECIAL + i % (VOCABULARY - _FIRST_SPECIAL) for i, token in enumerate(far)}


def _tokens(config: dict[str, Any]) -> Iterator[int]:
    for key, value in config.items():
        if isinstance(value, dict) and _is_config(key, value):
            yield from _tokens(value)
        elif _is_token(key):
            yield from (token for token in (value if isinstance(value, list | tuple) else [value]) if _is_int(token))


def _renamed(value: Any, special: dict[int, int]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_renamed(one, special) for one in value)
    return special.get(value, value) if _is_int(value) else value


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
