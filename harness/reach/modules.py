"""Steps from a Module: what it lists, its plain attributes, its hooks, the classes it is made of."""

from collections.abc import Iterator
from dataclasses import replace

from torch import nn

from .anatomy import PLAIN_IDS, Anatomy, attributes, class_module
from .classes import class_edges_of
from .functions import label
from .place import Place, Rank, dotted, of_module, registered, via
from .reached import How

INTERNAL = frozenset(vars(nn.Module()))
_HOOKS = tuple(sorted(name for name in INTERNAL if name.endswith("_hooks")))
_REGISTRIES = (("_parameters", How.PARAMETER), ("_buffers", How.BUFFER), ("_modules", How.ATTRIBUTE))
_BY_NUMBER = (nn.Sequential, nn.ModuleList, nn.ParameterList)
_BY_KEY = (nn.ModuleDict, nn.ParameterDict)


def module_edges(module: object, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """What one Module holds, listed things first and in the order of `named_parameters()`."""
    state = anatomy.namespace(module) if anatomy.namespace is not None else {}
    # A Module found in something that is none, as in a pipeline object, is a root of its own.
    top = replace(place, rank=Rank.REGISTERED) if place.rank is Rank.OWNED and not place.module else place
    for registry, how in _REGISTRIES:
        for position, (name, value) in enumerate(_entries(state.get(registry))):
            if value is not None:
                path = _path(top.path, anatomy, registry, name, position)
                yield value, registered(top, path, how, name, anatomy.name)
    for name, value in attributes(module, anatomy):
        if name in anatomy.cached:
            yield value, via(top, f".{name}", How.CACHE, Rank.OWNED, name=name, owner=anatomy.name)
        elif name not in INTERNAL:
            yield value, of_module(top, name, anatomy.name)
    yield from _hooks(state, top)
    yield from class_edges_of(top, anatomy)


def _entries(registry: object) -> tuple[tuple[str, object], ...]:
    if issubclass(type(registry), dict):
        return tuple(dict.items(registry))  # type: ignore[arg-type]  # mypy does not narrow by `type()`
    if str(class_module(type(registry))).startswith("torch.jit"):  # a ScriptModule keeps them in C++
        return tuple(registry.items())  # type: ignore[attr-defined]
    return ()


def _path(path: str, anatomy: Anatomy, registry: str, name: str, position: int) -> str:
    if name.isdigit() and any(map(anatomy.extends, _BY_NUMBER)):
        return f"{path}[{position}]"
    if any(map(anatomy.extends, _BY_KEY)):
        return f"{path}[{name!r}]"
    return dotted(path, name, registry)


def _hooks(state: dict[str, object], place: Place) -> Iterator[tuple[object, Place]]:
    for registry in _HOOKS:
        for _, hook in _entries(state.get(registry)):
            if id(type(hook)) not in PLAIN_IDS:
                name = label(hook)
                yield hook, via(place, f".<hooks>.{name}", How.HOOK, Rank.REFERRED, name=name, owner=name)
