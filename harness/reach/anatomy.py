"""How objects of a class are built: where they keep attributes and items, read without running any of their code."""

import enum
import functools
import io
import logging
import threading
import types
from collections import ChainMap, UserDict, UserList, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from .territory import is_closed, is_library


class Kind(enum.Enum):
    """What the walk does with an object."""

    LEAF = enum.auto()
    TENSOR = enum.auto()
    GENERATOR = enum.auto()
    MODULE = enum.auto()
    FUNCTION = enum.auto()
    METHOD = enum.auto()
    PARTIAL = enum.auto()
    MEMO = enum.auto()
    OBJECT = enum.auto()


MEMO_TYPE = type(functools.lru_cache(int))

_KINDS: tuple[tuple[type, Kind], ...] = (
    (torch.Tensor, Kind.TENSOR),
    (torch.Generator, Kind.GENERATOR),
    (nn.Module, Kind.MODULE),
    (types.FunctionType, Kind.FUNCTION),
    (types.MethodType, Kind.METHOD),
    (functools.partial, Kind.PARTIAL),
    (MEMO_TYPE, Kind.MEMO),
    (type, Kind.LEAF),
    (types.ModuleType, Kind.LEAF),
    (logging.Logger, Kind.LEAF),
    (logging.Handler, Kind.LEAF),
    (io.IOBase, Kind.LEAF),
    (threading.Thread, Kind.LEAF),
    (BaseException, Kind.LEAF),
)
_CONTAINERS: tuple[type, ...] = (dict, list, tuple, set, frozenset, deque)
_OPEN = (types.SimpleNamespace, functools.partialmethod, ChainMap, UserDict, UserList)

# By id, since hashing a class may run the code of its metaclass. None of these can lead to a tensor.
_PLAIN = (int, float, complex, str, bytes, bool, type(None), type, torch.dtype, torch.device, torch.Size, type(...))
PLAIN_IDS = frozenset(map(id, (*_PLAIN, range, slice, types.ModuleType, types.BuiltinFunctionType, torch.layout)))

mro: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
class_module: Callable[[type], object] = type.__dict__["__module__"].__get__
class_name: Callable[[type], str] = type.__dict__["__name__"].__get__
_namespace: Callable[[type], types.MappingProxyType[str, Any]] = type.__dict__["__dict__"].__get__


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """One class. `container` names the builtin kind it extends, `fields` the members of a namedtuple.

    `namespace` reads an object's `__dict__`, `slots` its slots; `cached` are the cached properties,
    `wrapper` is true for a tensor made of other tensors, `classes` are those of the class and its
    ancestors that a user wrote. `name` has its module in front where a library wrote the class.
    """

    kind: Kind
    name: str
    bases: frozenset[int] = frozenset()
    container: str = ""
    fields: tuple[str, ...] = ()
    namespace: Callable[[object], dict[str, object]] | None = None
    slots: tuple[tuple[str, Callable[[object], object]], ...] = ()
    cached: frozenset[str] = frozenset()
    wrapper: bool = False
    classes: tuple[type, ...] = ()

    def extends(self, base: type) -> bool:
        """Like `issubclass`, without asking a metaclass."""
        return id(base) in self.bases


def class_items(cls: type) -> tuple[tuple[str, object], ...]:
    """The class's own namespace, as it lies there."""
    return tuple(_namespace(cls).items())


def describe(cls: type) -> Anatomy:
    """The anatomy of a class, read from its definition alone; walks cache it per class."""
    line = mro(cls)
    bases = frozenset(map(id, line))
    home, name = class_module(cls), class_name(cls)
    if is_library(home):
        name = f"{home}.{name}"
    kind = next((kind for base, kind in _KINDS if id(base) in bases), None)
    container = next((base.__name__ for base in _CONTAINERS if id(base) in bases), "")
    if kind is None:
        shut = is_closed(home) and not container and not any(id(base) in bases for base in _OPEN)
        kind = Kind.LEAF if shut else Kind.OBJECT
    if kind in (Kind.LEAF, Kind.GENERATOR):
        return Anatomy(kind=kind, name=name, bases=bases)
    members = tuple((label, value) for base in line for label, value in _namespace(base).items())
    return Anatomy(
        kind=kind,
        name=name,
        bases=bases,
        container=container,
        fields=_fields(members) if container == "tuple" else (),
        namespace=_dict_reader(members),
        slots=tuple((label, value.__get__) for label, value in members if _is_slot(label, value)),
        cached=frozenset(label for label, value in members if type(value) is functools.cached_property),
        wrapper=any(label == "__tensor_flatten__" for label, _ in members),
        classes=tuple(base for base in line if not is_library(class_module(base))),
    )


def _is_slot(label: str, value: object) -> bool:
    return type(value) is types.MemberDescriptorType and label != "__dict__"


def _dict_reader(members: tuple[tuple[str, Any], ...]) -> Callable[[object], dict[str, object]] | None:
    # A class may shadow `__dict__` with a property of its own; the C descriptor below it is the truth.
    native = (types.GetSetDescriptorType, types.MemberDescriptorType)
    return next((value.__get__ for label, value in members if label == "__dict__" and type(value) in native), None)


def _fields(members: tuple[tuple[str, Any], ...]) -> tuple[str, ...]:
    found = next((value for label, value in members if label == "_fields"), ())
    return found if type(found) is tuple and all(type(field) is str for field in found) else ()


def attributes(obj: object, anatomy: Anatomy) -> Iterator[tuple[str, object]]:
    """The object's own attributes, `__dict__` first and slots after, that may lead to a tensor."""
    if anatomy.namespace is not None:
        for name, value in tuple(dict.items(anatomy.namespace(obj))):
            if id(type(value)) not in PLAIN_IDS and type(name) is str:
                yield name, value
    for name, read in anatomy.slots:
        try:
            value = read(obj)
        except AttributeError:  # a slot that was never filled
            continue
        if id(type(value)) not in PLAIN_IDS:
            yield name, value
