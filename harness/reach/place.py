"""Where the walk stands: the path so far and what a hint will need to know about it."""

from dataclasses import dataclass
from enum import IntEnum

from .reached import How


class Rank(IntEnum):
    """The order of the walk: of two paths to one tensor the one with the lower rank wins."""

    REGISTERED = 0
    OWNED = 1
    REFERRED = 2
    GLOBAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One spot on a path.

    `name` is the attribute, variable or argument that a mend would name, `owner` the class or the
    function that holds it; `module` and `attribute` are the class of the nearest Module above and
    the attribute by which the path leaves it; `container` is the kind of the container just above.
    """

    path: str = ""
    holder: str = ""
    how: How = How.ATTRIBUTE
    rank: Rank = Rank.REGISTERED
    depth: int = 0
    name: str = ""
    owner: str = ""
    module: str = ""
    attribute: str = ""
    container: str = ""


def dotted(path: str, name: str, registry: str = "__dict__") -> str:
    """`path.name`, or a subscript of `registry` where `name` cannot follow a dot."""
    step = name if name.isidentifier() or name.startswith("<") else f"{registry}[{name!r}]"
    return f"{path}.{step}" if path else step


def registered(place: Place, path: str, how: How, name: str, owner: str) -> Place:
    """What the Module at `place` lists; in a hidden module the mend concerns the way to it, which is kept."""
    hidden = place.rank is not Rank.REGISTERED
    return Place(
        path=path,
        holder=place.path,
        how=How.HIDDEN_MODULE if hidden else how,
        rank=place.rank,
        depth=place.depth + 1,
        name=place.name if hidden else name,
        owner=place.owner if hidden else owner,
        module=place.module if hidden else owner,
        attribute=place.attribute if hidden else name,
        container=place.container if hidden else "",
    )


def of_module(place: Place, name: str, owner: str) -> Place:
    """A plain attribute of the Module at `place`."""
    return Place(
        path=dotted(place.path, name),
        holder=place.path,
        how=How.ATTRIBUTE,
        rank=max(place.rank, Rank.OWNED),
        depth=place.depth + 1,
        name=name,
        owner=owner,
        module=owner,
        attribute=name,
    )


def of_object(place: Place, name: str, owner: str) -> Place:
    """An attribute of the helper at `place`; a closure, a hook or a cache further up keeps its say."""
    plain = place.how in (How.ATTRIBUTE, How.CONTAINER, How.OBJECT)
    return Place(
        path=dotted(place.path, name),
        holder=place.path,
        how=How.OBJECT if plain else place.how,
        rank=max(place.rank, Rank.OWNED),
        depth=place.depth + 1,
        name=name if plain or not place.name else place.name,
        owner=owner if plain else place.owner,
        module=place.module,
        attribute=place.attribute,
    )


def item(place: Place, subscript: str, container: str) -> Place:
    """An element of the container at `place`."""
    return Place(
        path=place.path + subscript,
        holder=place.path,
        how=How.CONTAINER if place.how is How.ATTRIBUTE else place.how,
        rank=max(place.rank, Rank.OWNED),
        depth=place.depth + 1,
        name=place.name,
        owner=place.owner,
        module=place.module,
        attribute=place.attribute,
        container=container,
    )


def via(place: Place, step: str, how: How, rank: Rank, *, name: str = "", owner: str = "") -> Place:
    """What hangs on `place` by something else than an attribute or an item; `name` and `owner` replace those known."""
    return Place(
        path=f"{place.path}{step}" if place.path else step.removeprefix("."),
        holder=place.path,
        how=how,
        rank=max(place.rank, rank),
        depth=place.depth + 1,
        name=name or place.name,
        owner=owner or place.owner,
        module=place.module,
        attribute=place.attribute,
    )
