"""Steps into the classes that a user wrote: class attributes and the functions that are methods."""

import functools
import types
from collections.abc import Iterator
from dataclasses import dataclass

from .anatomy import PLAIN_IDS, Anatomy, class_items
from .place import Place, Rank, dotted, via
from .reached import How


@dataclass(frozen=True, slots=True)
class ClassOf:
    """A class to be looked into, as opposed to one that is met as a value and left alone."""

    cls: type


def class_edges_of(place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """The user's classes of the object at `place`."""
    for cls in anatomy.classes:
        yield ClassOf(cls), via(place, "", How.CLASS, Rank.REFERRED, owner=anatomy.name)


def class_edges(marked: ClassOf, place: Place) -> Iterator[tuple[object, Place]]:
    """What one class holds; a property is not run, its functions are looked into."""
    for name, member in class_items(marked.cls):
        value = unwrapped(member)
        if id(type(value)) in PLAIN_IDS or (name.startswith("__") and type(value) is not types.FunctionType):
            continue
        step = dotted("", name)
        yield value, via(place, f".{step}", How.CLASS, Rank.REFERRED, name=name, owner=place.owner)


def unwrapped(member: object) -> object:
    """The function in a `staticmethod`, `classmethod`, `property` or `cached_property`; else the member itself."""
    if type(member) in (staticmethod, classmethod):
        return member.__func__  # type: ignore[attr-defined]
    if type(member) is property:
        return member.fget
    if type(member) is functools.cached_property:
        return member.func
    return member
