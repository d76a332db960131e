"""Steps from helpers that are not Modules: plain objects, optimizers, bound methods, partials, caches."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from types import MethodType

from torch.optim import Optimizer

from .anatomy import PLAIN_IDS, Anatomy, attributes
from .classes import class_edges_of
from .functions import label
from .place import Place, Rank, of_object, via
from .reached import How

_LINK = "_lru_list_elem"


def object_edges(obj: object, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """The attributes of a helper, then its classes."""
    if anatomy.extends(Optimizer):
        place = replace(place, how=How.OPTIMIZER, owner=anatomy.name)
    for name, value in attributes(obj, anatomy):
        if name in anatomy.cached:
            yield value, via(place, f".{name}", How.CACHE, Rank.OWNED, name=name, owner=anatomy.name)
        else:
            yield value, of_object(place, name, anatomy.name)
    yield from class_edges_of(place, anatomy)


def partial_edges(partial: object, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """`func`, `args` and `keywords` of a `functools.partial`."""
    for name, value in attributes(partial, anatomy):
        yield value, via(place, f".{name}", How.PARTIAL, Rank.OWNED)


def method_edges(method: MethodType, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """The object that a bound method belongs to, and its function."""
    yield method.__self__, of_object(place, "__self__", anatomy.name)
    yield method.__func__, via(place, ".__func__", place.how, Rank.REFERRED)


def memo_edges(memo: object, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """The results that a `functools.lru_cache` keeps.

    There is no public way to them. The collector's view has them: with a bound on the size each
    entry lies beside its key, without one they are the values of a plain dict.
    """
    wrapped = getattr(memo, "__wrapped__", None)
    yield wrapped, via(place, ".__wrapped__", place.how, Rank.REFERRED)
    own = anatomy.namespace(memo) if anatomy.namespace is not None else None
    count = 0
    for value in gc.get_referents(memo):
        if value is wrapped or value is own:
            continue
        for kept in _kept(value):
            if id(type(kept)) not in PLAIN_IDS and type(kept).__name__ != _LINK:
                step = f".<cache>[{count}]"
                yield kept, via(place, step, How.CACHE, Rank.OWNED, name=label(memo), owner=label(memo))
                count += 1


def _kept(value: object) -> tuple[object, ...]:
    return (*value.keys(), *value.values()) if type(value) is dict else (value,)
