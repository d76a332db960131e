"""From the nodes of a torch pickle to its tensors: names, dtypes, shapes, and the storages that hold their bytes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any

from .contents import Region, Tensor
from .dtypes import BITS, STORAGES, TORCH
from .pickles.nodes import Call, Global, Persistent, pairs_of

_STRIDED = frozenset(f"torch._utils._rebuild_{name}" for name in ("tensor", "tensor_v2", "tensor_v3", "qtensor"))
_WRAPPED = frozenset(f"torch._utils._rebuild_{name}" for name in ("parameter", "parameter_with_state"))
_META = "torch._utils._rebuild_meta_tensor_no_storage"
_SUBCLASS = "torch._tensor._rebuild_from_type_v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """What a pickle says of a storage: its key, its elements, and the device that it was on."""

    key: str
    dtype: str
    count: int
    location: str

    @property
    def size(self) -> int:
        """Bytes."""
        return self.count * BITS[self.dtype] // 8


@dataclass(slots=True)
class State:
    """The tensors of a pickle, its storages by key, the flaws of each kind, and the tensors without data."""

    tensors: list[Tensor] = field(default_factory=list)
    storages: dict[str, Storage] = field(default_factory=dict)
    beyond: list[tuple[str, str]] = field(default_factory=list)
    strange: list[tuple[str, str]] = field(default_factory=list)
    dataless: list[str] = field(default_factory=list)


Placing = Callable[[Storage], Region | None]


def state_of(root: Any, place: Placing) -> State:
    """Every tensor below a root; `place` says where the bytes of a storage are."""
    state = State()
    for name, container, call in _tensor_calls(root):
        _read(state, place, (name, container), call)
    return state


def _tensor_calls(root: Any) -> Iterator[tuple[str, str, Call]]:
    """The calls that make tensors, each with its name and the name of the dict around it, in the pickle's order."""
    waiting: list[tuple[str, str, Any]] = [("", "", root)]
    met: set[int] = set()
    while waiting:
        name, container, node = waiting.pop()
        node = _unwrapped(node)
        if isinstance(node, Call) and (node.path in _STRIDED or node.path == _META):
            yield name, container, node
            continue
        below = list(_below(name, node))
        if below and id(node) not in met:
            met.add(id(node))
            inner = container if isinstance(node, list | tuple) else name
            waiting.extend((child, inner, value) for child, value in reversed(below))


def _unwrapped(node: Any) -> Any:
    """The tensor inside of a Parameter or of a subclass."""
    for _ in range(8):
        if not (isinstance(node, Call) and isinstance(node.arguments, tuple) and node.arguments):
            break
        if node.path in _WRAPPED:
            node = node.arguments[0]
        elif node.path == _SUBCLASS and len(node.arguments) > 2:
            node = Call(node.arguments[0], node.arguments[2])
        else:
            break
    return node


def _below(name: str, node: Any) -> Iterator[tuple[str, Any]]:
    pairs = pairs_of(node)
    if pairs is not None:
        yield from ((_joined(name, key), value) for key, value in pairs)
        if isinstance(node, Call) and node.state is not None:
            yield name, node.state
    elif isinstance(node, list | tuple):
        yield from ((_joined(name, index), value) for index, value in enumerate(node))
    elif isinstance(node, Call):
        # An object: its state, else what it is made of.
        yield from ((name, part) for part in (node.arguments, node.state) if part is not None)
        yield from ((_joined(name, key), value) for key, value in node.pairs)
        yield from ((_joined(name, index), value) for index, value in enumerate(node.elements))


def _joined(name: str, part: Any) -> str:
    if part in ("_modules", "_parameters", "_buffers"):  # of a pickled module: no part of a state key
        return name
    return f"{name}.{part}" if name else str(part)


def _read(state: State, place: Placing, names: tuple[str, str], call: Call) -> None:
    name, container = names
    arguments = call.arguments if isinstance(call.arguments, tuple) else ()
    if call.path == _META:
        state.dataless.append(name)
        return
    storage = _storage(arguments[0]) if len(arguments) > 3 else None
    numbers = [_whole(part) for part in arguments[1:4]]
    if storage is None or len(numbers[0]) != 1 or len(numbers[1]) != len(numbers[2]):
        state.strange.append((name, "is put together from something that is no storage, offset, shape and stride"))
        return
    state.storages[storage.key] = storage
    offset, shape, stride = numbers[0][0], numbers[1], numbers[2]
    dtype = _dtype(arguments, storage)
    # An untyped storage counts in bytes, the tensor in elements.
    count = storage.size * 8 // BITS[dtype]
    reach = offset + sum((size - 1) * step for size, step in zip(shape, stride, strict=True)) + 1 if all(shape) else 0
    if reach > count:
        state.beyond.append((name, f"reaches element {reach} of a storage of {count}"))
        return
    whole = place(storage)
    dense = list(stride) == _dense(shape) or not all(shape)
    region = _cut(whole, offset, prod(shape), BITS[dtype]) if whole is not None and dense else whole
    view = "" if dense else f"offset {offset}, stride {list(stride)}"
    state.tensors.append(Tensor(name=name, dtype=dtype, shape=shape, region=region, view=view, container=container))


def _dtype(arguments: tuple[Any, ...], storage: Storage) -> str:
    told = next((TORCH[part.name] for part in arguments[6:] if isinstance(part, Global) and part.name in TORCH), None)
    return told or storage.dtype


def _cut(whole: Region, offset: int, count: int, bits: int) -> Region:
    return Region(start=whole.start + offset * bits // 8, size=count * bits // 8)


def _dense(shape: tuple[int, ...]) -> list[int]:
    """The strides of a contiguous tensor, a dimension of one element keeping any."""
    return [prod(shape[at + 1 :]) for at in range(len(shape))]


def _whole(part: Any) -> tuple[int, ...]:
    """Numbers from 0 on: of an int one, of a tuple or `torch.Size` all; empty where they are none."""
    if isinstance(part, Call) and part.path == "torch.Size":
        part = part.arguments[0] if isinstance(part.arguments, tuple) and part.arguments else ()
    numbers = (part,) if isinstance(part, int) else part
    if isinstance(numbers, tuple | list) and all(type(one) is int and 0 <= one < 2**63 for one in numbers):
        return tuple(numbers)
    return (-1, -1)  # of no length that fits


def _storage(node: Any) -> Storage | None:
    """A persistent id of torch: ('storage', type, key, location, elements, ...)."""
    pid = node.pid if isinstance(node, Persistent) else None
    if not isinstance(pid, tuple) or len(pid) < 5 or pid[0] != "storage" or not isinstance(pid[1], Global):
        return None
    dtype = STORAGES.get(pid[1].name)
    if dtype is None or type(pid[4]) is not int or not 0 <= pid[4] < 2**60:
        return None
    return Storage(key=str(pid[2]), dtype=dtype, count=pid[4], location=str(pid[3]))
