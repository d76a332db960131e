"""Fields of a config: what came back otherwise, and whether only its type did."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from .fingerprint import fingerprint

# Written by the libraries about the files or for themselves, and different after every load.
_PAPERWORK = frozenset(
    {"name_or_path", "transformers_version", "architectures", "dtype", "torch_dtype", "model_type", "auto_map"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field by name, in words before and after.

    `only_type`: a tuple became a list, a key a text, an enum its value.
    """

    name: str
    before: str
    after: str
    only_type: bool


def is_config(thing: object) -> bool:
    """True for a config of transformers."""
    transformers = sys.modules.get("transformers")
    return transformers is not None and isinstance(thing, transformers.PretrainedConfig)


def changes(before: Any, after: Any) -> Iterator[Change]:
    """The public fields of two configs that do not hold the same, those of configs within them by dotted names."""
    one, two = _public(before), _public(after)
    for name in dict.fromkeys((*one, *two)):
        yield from _changes(name, one.get(name, _GONE), two.get(name, _GONE))


def reread(config: Any) -> Any:
    """The config after another save and load."""
    with TemporaryDirectory(prefix="samedevice-") as folder:
        config.save_pretrained(folder)
        return type(config).from_pretrained(folder)


class _Gone:
    def __repr__(self) -> str:
        return "not there"


_GONE = _Gone()


def _changes(name: str, before: Any, after: Any) -> Iterator[Change]:
    if is_config(before) and is_config(after):
        for change in changes(before, after):
            yield Change(
                name=f"{name}.{change.name}", before=change.before, after=change.after, only_type=change.only_type
            )
    elif fingerprint(_ordered(before)) != fingerprint(_ordered(after)) and not (_is_empty(before) and _is_empty(after)):
        only_type = fingerprint(_plain(before)) == fingerprint(_plain(after))
        yield Change(name=name, before=_text(before), after=_text(after), only_type=only_type)


def _is_empty(value: Any) -> bool:
    """None and what is not there: a field of None is left out of the file."""
    return value is None or value is _GONE


def _public(config: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(config).items() if not name.startswith("_") and name not in _PAPERWORK}


def _ordered(value: Any) -> Any:
    """The value with its keys in order: they are sorted when they are written, and few read them in another way."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=repr)}
    return type(value)(map(_ordered, value)) if type(value) in (list, tuple) else value


def _plain(value: Any) -> Any:
    """The value as JSON would have it."""
    value = getattr(value, "value", value)
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(item) for item in value]
        return sorted(items, key=repr) if isinstance(value, set | frozenset) else items
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | int | float | type(None)):
        return value
    return str(value).removeprefix("torch.")


def _text(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:119] + "…"
