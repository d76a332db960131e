"""Steps from a function: what it closes over, its default arguments, the globals that its code reads."""

import dis
import functools
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType

from .anatomy import MEMO_TYPE, PLAIN_IDS, Anatomy, class_items, class_module, class_name, mro
from .classes import unwrapped
from .place import Place, Rank, of_object, via
from .reached import How
from .territory import is_library

_contents: Callable[[object], dict[str, object]] = vars(ModuleType)["__dict__"].__get__
_ATTRIBUTE_OPS = ("LOAD_ATTR", "LOAD_METHOD")


def label(function: object) -> str:
    """The name of a function, method or cache; of any other object its class."""
    if type(function) is MethodType:
        return label(function.__func__)
    if type(function) is FunctionType:
        return function.__name__
    if type(function) is MEMO_TYPE:
        return label(function.__wrapped__)
    return class_name(type(function))


def function_edges(function: FunctionType, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """Closure, attributes, defaults and globals; of a library's function the first two alone."""
    for name, value in _closure(function):
        how = place.how if place.how is How.HOOK else How.CLOSURE
        yield value, _step(place, "closure", how, name, function)
    for name, value in tuple(function.__dict__.items()):
        if id(type(value)) not in PLAIN_IDS:
            yield value, of_object(place, name, function.__name__)
    if is_library(function.__globals__.get("__name__")):
        return
    for name, value in _defaults(function):
        yield value, _step(place, "defaults", How.DEFAULT, name, function)
    for name, value in _globals(function):
        yield value, _step(place, "globals", How.GLOBAL, name, function)


def _step(place: Place, table: str, how: How, name: str, function: FunctionType) -> Place:
    rank = Rank.GLOBAL if how is How.GLOBAL else Rank.REFERRED
    return via(place, f".<{table}>.{name}", how, rank, name=name, owner=function.__name__)


def _closure(function: FunctionType) -> Iterator[tuple[str, object]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            value = cell.cell_contents
        except ValueError:  # the variable has no value yet
            continue
        if id(type(value)) not in PLAIN_IDS:
            yield name, value


def _defaults(function: FunctionType) -> Iterator[tuple[str, object]]:
    code, values = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    pairs = (*zip(names[len(names) - len(values) :], values, strict=True), *(function.__kwdefaults__ or {}).items())
    return ((name, value) for name, value in pairs if id(type(value)) not in PLAIN_IDS)


def _globals(function: FunctionType) -> Iterator[tuple[str, object]]:
    names = function.__globals__
    if not any(_worth(names.get(name)) for name in _mentioned(function.__code__)):
        return
    for chain in _reads(function.__code__):
        value = _follow(names, chain)
        if _worth(value) and not issubclass(type(value), (ModuleType, type)):
            yield ".".join(chain), value


def _worth(value: object) -> bool:
    kind = type(value)
    if kind is FunctionType:
        return not is_library(value.__globals__.get("__name__"))  # type: ignore[attr-defined]
    if issubclass(kind, ModuleType):
        return not is_library(_contents(value).get("__name__"))
    if issubclass(kind, type):
        return not is_library(class_module(value))  # type: ignore[arg-type]
    return id(kind) not in PLAIN_IDS


def _follow(names: Mapping[str, object], chain: tuple[str, ...]) -> object:
    value = names.get(chain[0])
    for name in chain[1:]:
        if not _worth(value):
            return None
        if issubclass(type(value), ModuleType):
            value = _contents(value).get(name)
        elif issubclass(type(value), type):
            members = (pair for base in mro(value) for pair in class_items(base))  # type: ignore[arg-type]
            value = next((unwrapped(member) for key, member in members if key == name), None)
        else:
            return None
    return value


def _mentioned(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from _mentioned(constant)


@functools.lru_cache(maxsize=4096)
def _reads(code: CodeType) -> tuple[tuple[str, ...], ...]:
    """The globals that the code reads, each with the attributes taken off it at once: `stats.MEAN`."""
    chains: list[tuple[str, ...]] = []
    chain: tuple[str, ...] = ()
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            chain = (instruction.argval,)
        elif instruction.opname in _ATTRIBUTE_OPS and chain:
            chain = (*chain, instruction.argval)
        else:
            chain = ()
        if chain:
            chains.append(chain)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            chains.extend(_reads(constant))
    return tuple(dict.fromkeys(chains))
