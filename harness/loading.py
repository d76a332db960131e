"""Loading: from a TARGET string (`package.module:name`, `file.py:name`, a checkpoint) to a `Target`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from . import pretrained
from .errors import UsageError
from .recipe import NOTHING, inputs_from, model_from, recipe
from .script import Script
from .suggestion import listed
from .target import Target

_FORMS = "give package.module:name, path/to/file.py:name, a checkpoint directory or a Hub id (owner/name)"
_ABSENT = object()


class Source(Protocol):
    """Where named things come from; `is_new` says that the last `fresh()` shares nothing with the one before."""

    is_new: bool

    def fresh(self) -> ModuleType:
        """The module for a new model."""

    def current(self) -> ModuleType:
        """The module that the last model came from."""


@dataclass(kw_only=True)
class Library:
    """An importable module as a source: imported once, by the interpreter's own rules."""

    name: str
    is_new: bool = False

    def fresh(self) -> ModuleType:
        """The module. What the import raises is raised."""
        return import_module(self.name)

    current = fresh


def target(word: str, inputs: str | None = None) -> Target:
    """The target that a TARGET string names, fed with what the string `inputs` names.

    `name` is a factory without arguments, an `nn.Module` class or an instance. Without `inputs`, the
    attribute `inputs` of the target or beside it is used, else inputs are made from a transformers
    model's config. Nothing of the target runs yet: what its code raises comes out of `build()`. Raises
    `UsageError` where a string names nothing.
    """
    if ":" not in word:
        made = recipe(word, pretrained.factory(_checkpoint(word)), _feed(inputs, None) if inputs else None)
    else:
        source, name = _source(word)
        made = recipe(word, _maker(source, name, word), _feed(inputs, source) if inputs else _beside(source, name))
    return replace(made, address=(word, inputs))


def feed(word: str) -> Callable[[], Any]:
    """A function that returns fresh inputs, from an `--inputs` string. Raises `UsageError`."""
    return _feed(word, None)


def _maker(source: Source, name: str, word: str) -> Callable[[], Any]:
    def make() -> Any:
        thing = _find(source.fresh(), name, word)
        return model_from(thing, word, is_new=source.is_new)

    return make


def _feed(word: str, beside: Source | None) -> Callable[[], Any]:
    source, name = _source(word)
    if isinstance(source, Script) and isinstance(beside, Script) and source.path == beside.path:
        source = beside  # the same execution that the model came from
    return lambda: inputs_from(_find(source.current(), name, word), word)


def _beside(source: Source, name: str) -> Callable[[], Any]:
    def give() -> Any:
        module = source.current()
        factory = getattr(module, name, None)
        # `make.inputs`, where one file holds many factories. A class or a model may mean something else by it.
        is_model = isinstance(factory, type) or hasattr(factory, "forward")
        thing = NOTHING if is_model else getattr(factory, "inputs", NOTHING)
        if thing is NOTHING:
            thing = getattr(module, "inputs", NOTHING)
        if thing is NOTHING or isinstance(thing, ModuleType):
            return NOTHING
        return inputs_from(thing, "the attribute 'inputs' beside the target")

    return give


def _source(word: str) -> tuple[Source, str]:
    place, _, name = word.rpartition(":")
    if not place or not name:
        raise UsageError(f"{word!r} names nothing to load: {_FORMS}")
    path = Path(place)
    if path.suffix == ".py" or path.name != place:
        if not path.is_file():
            raise UsageError(f"no such file: {place}")
        return Script(path), name
    if not all(part.isidentifier() for part in place.split(".")):
        raise UsageError(f"{place!r} is neither a file nor a module: {_FORMS}")
    return Library(name=place), name


def _find(module: ModuleType, name: str, word: str) -> Any:
    found: Any = module
    for part in name.split("."):
        holder, found = found, getattr(found, part, _ABSENT)
        if found is _ABSENT:
            raise UsageError(f"{Path(word.rpartition(':')[0]).name} has no {part!r}{listed(part, _public(holder))}")
    return found


def _public(holder: Any) -> list[str]:
    """The names that could be meant: what a module defines itself, else all that it shows."""
    public = {name: thing for name, thing in vars(holder).items() if not name.startswith("_")}
    home = getattr(holder, "__name__", "")
    homes = {name: f"{getattr(thing, '__module__', '')}." for name, thing in public.items() if callable(thing)}
    return [name for name, place in homes.items() if place.startswith(f"{home}.")] or list(public)


def _checkpoint(word: str) -> str:
    path = Path(word)
    if path.suffix == ".py" and path.is_file():
        raise UsageError(f"{word} is a file: say which of its names, as in {word}:make")
    if path.is_dir() or pretrained.is_hub_id(word):
        return word
    raise UsageError(f"no such target: {word}: {_FORMS}")
