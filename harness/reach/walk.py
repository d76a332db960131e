"""The walk itself: lazily, best paths first, each object once."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import torch

from .anatomy import Anatomy, Kind, describe
from .classes import ClassOf, class_edges
from .containers import elements, size
from .functions import function_edges
from .hints import hint
from .modules import module_edges
from .objects import memo_edges, method_edges, object_edges, partial_edges
from .place import Place, Rank
from .reached import Limits, Reached
from .tensors import how_held, stays_on_host, storage_key, tensor_edges

Edge = tuple[object, Place]

_STEPS: dict[Kind, Callable[[Any, Place, Anatomy], Iterator[Edge]]] = {
    Kind.MODULE: module_edges,
    Kind.OBJECT: object_edges,
    Kind.FUNCTION: function_edges,
    Kind.PARTIAL: partial_edges,
    Kind.METHOD: method_edges,
    Kind.MEMO: memo_edges,
    Kind.TENSOR: tensor_edges,
}


def reach(root: object, *, limits: Limits | None = None) -> "Reach":
    """Every tensor that `root` (a Module or any other object) can get at, each once, by its best path.

    Nothing of the user's is run: no property, no `__getattr__`, no `repr`, `eq` or `hash`; no tensor
    data is read or copied. Parameters and buffers come first, in the order of `named_parameters()`,
    then what else the model owns, nearest first, then what it only refers to.
    """
    return Reach(root, limits or Limits())


class Reach:
    """The iterator that `reach` returns.

    `visited` counts the objects looked at so far, `generators` are the random generators met so
    far, by path, and `truncated` is None or says where a limit cut the walk short.
    """

    def __init__(self, root: object, limits: Limits) -> None:
        """Starts nothing yet: the first step is taken with the first tensor asked for."""
        self.visited = 0
        self.truncated: str | None = None
        self.generators: dict[str, torch.Generator] = {}
        self._limits = limits
        self._paths: dict[int, str] = {}
        self._alive: list[object] = []  # an id means an object for as long as that object lives
        self._storages: set[int] = set()
        self._anatomies: dict[int, Anatomy] = {}
        self._queues: tuple[deque[Edge], ...] = tuple(deque() for _ in Rank)
        self._found = self._walk(root)

    def __iter__(self) -> Iterator[Reached]:
        """The walk goes on where it was; it does not start again."""
        return self

    def __next__(self) -> Reached:
        """The next tensor."""
        return next(self._found)

    def _walk(self, root: object) -> Iterator[Reached]:
        first = Place() if self._anatomy(root).kind is Kind.MODULE else Place(rank=Rank.OWNED)
        self._push([(root, first)])
        while queue := next(filter(None, self._queues), None):
            obj, place = queue.popleft()
            marked = obj.cls if type(obj) is ClassOf else obj
            if id(marked) in self._paths:
                continue
            if self.visited >= self._limits.objects:
                self.truncated = f"{self._limits.objects} objects were visited, the last at `{place.path}`"
                return
            self.visited += 1
            self._paths[id(marked)] = place.path
            self._alive.append(marked)
            anatomy = self._anatomy(obj)
            found = self._tensor(obj, place) if anatomy.kind is Kind.TENSOR else None
            self._push(self._edges(obj, place, anatomy))
            if found is not None:
                yield found

    def _anatomy(self, obj: object) -> Anatomy:
        cls = type(obj)
        known = self._anatomies.get(id(cls))
        if known is None:
            known = self._anatomies[id(cls)] = describe(cls)
            self._alive.append(cls)
        return known

    def _push(self, edges: list[Edge]) -> None:
        ahead = []
        for obj, place in edges:
            if id(obj) in self._paths or (type(obj) is not ClassOf and self._anatomy(obj).kind is Kind.LEAF):
                continue
            if place.depth > self._limits.depth:
                self.truncated = self.truncated or f"more than {self._limits.depth} steps deep at `{place.path}`"
            elif place.rank is Rank.REGISTERED:
                ahead.append((obj, place))
            else:
                self._queues[place.rank].append((obj, place))
        # Listed things go depth first, as named_parameters() does; the rest by distance.
        self._queues[Rank.REGISTERED].extendleft(reversed(ahead))

    def _tensor(self, tensor: Any, place: Place) -> Reached | None:
        key = storage_key(tensor)
        if key is not None and key in self._storages:
            return None
        if key is not None:
            self._storages.add(key)
        how = how_held(tensor, place)
        return Reached(
            path=place.path,
            tensor=tensor,
            how=how,
            holder=place.holder,
            hint=hint(how, place),
            weak=place.rank >= Rank.REFERRED,
            host_ok=stays_on_host(tensor, place),
        )

    def _edges(self, obj: Any, place: Place, anatomy: Anatomy) -> list[Edge]:
        if type(obj) is ClassOf:
            return list(class_edges(obj, place))
        if anatomy.kind is Kind.GENERATOR:
            self.generators[place.path] = obj
            return []
        edges = list(_STEPS[anatomy.kind](obj, place, anatomy))
        if anatomy.container:
            count = size(obj, anatomy)
            if count > self._limits.items:
                self.truncated = self.truncated or f"{count} elements in `{place.path}`"
            edges[:0] = elements(obj, place, anatomy, self._limits.items, self._paths)
        return edges
