"""Steps into lists, tuples, dicts, sets and deques, by the methods of the builtin type and not by an override."""

import enum
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import torch

from .anatomy import PLAIN_IDS, Anatomy
from .place import Place, dotted, item, of_object

_SIZES: dict[str, Callable[[Any], int]] = {
    "dict": dict.__len__,
    "list": list.__len__,
    "tuple": tuple.__len__,
    "set": set.__len__,
    "frozenset": frozenset.__len__,
    "deque": deque.__len__,
}
_ITERATORS: dict[str, Callable[[Any], Iterator[object]]] = {
    "list": list.__iter__,
    "tuple": tuple.__iter__,
    "set": set.__iter__,
    "frozenset": frozenset.__iter__,
    "deque": deque.__iter__,
}
_PRINTABLE = tuple(map(id, (str, int, float, bool, bytes, type(None), torch.dtype)))


def size(obj: object, anatomy: Anatomy) -> int:
    """The number of elements; 0 for what is no container."""
    return _SIZES[anatomy.container](obj) if anatomy.container else 0


def elements(
    obj: object, place: Place, anatomy: Anatomy, most: int, known: Mapping[int, str]
) -> Iterator[tuple[object, Place]]:
    """The first `most` elements, and the keys of a dict, that may lead to a tensor.

    `known` are the paths of objects met already, by id: an optimizer's state is keyed by parameters.
    """
    if anatomy.container == "dict":
        yield from _entries(obj, place, most, known)
        return
    values = tuple(islice(_ITERATORS[anatomy.container](obj), most))
    unordered = anatomy.container in ("set", "frozenset")
    for position, value in enumerate(values):
        if id(type(value)) in PLAIN_IDS:
            continue
        if position < len(anatomy.fields):
            yield value, of_object(place, anatomy.fields[position], anatomy.name)
        else:
            subscript = f".<items>[{position}]" if unordered else f"[{position}]"
            yield value, item(place, subscript, anatomy.container)


def _entries(obj: Any, place: Place, most: int, known: Mapping[int, str]) -> Iterator[tuple[object, Place]]:
    for position, (key, value) in enumerate(tuple(islice(dict.items(obj), most))):
        if id(type(key)) not in PLAIN_IDS and not issubclass(type(key), enum.Enum):
            yield key, item(place, f".<keys>[{position}]", "dict")
        if id(type(value)) not in PLAIN_IDS:
            text = printed(key) or known.get(id(key))
            subscript = f"[{text}]" if text is not None else f".<values>[{position}]"
            yield value, item(place, subscript, "dict")


def printed(key: object) -> str | None:
    """A dict key as a user would type it; None where only the key's own code could say."""
    kind = type(key)
    if id(kind) in _PRINTABLE:
        return repr(key)
    if kind is torch.device:
        return f"torch.device({str(key)!r})"
    if kind is tuple:
        parts = [printed(part) for part in key]  # type: ignore[attr-defined]  # mypy does not narrow by `type() is`
        if any(part is None for part in parts):
            return None
        return f"({', '.join(map(str, parts))}{',' if len(parts) == 1 else ''})"
    if issubclass(kind, enum.Enum):
        return dotted(kind.__qualname__, str(object.__getattribute__(key, "_name_")))
    return None
