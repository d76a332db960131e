"""Labels: which device a storage is on, and who made it.

A device is a property of a storage. Every tensor stays an ordinary CPU tensor; its storage carries a
`Label` as a Python attribute, which PyTorch keeps alive with the C++ storage, so views, `detach`,
`.data` and `Parameter.data = ...` follow by themselves.

A storage is in one of three states:

- labelled with a device: made or moved there;
- *unborn*: made inside C++ during the call that is still running (`one_hot` makes zeros from
  `self.options()`, which says CPU, since underneath everything is). It takes the device of the first
  partner that it meets, else the call's ambient device. With two states instead of three one either
  relabels views of CPU weights inside `F.linear`, or calls `torch.tensor([], device=x.device)` a CPU tensor;
- without a label: known to be on the CPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType

import torch
from torch import Tensor
from torch.utils._python_dispatch import is_traceable_wrapper_subclass

CPU = torch.device("cpu")
PLAIN = (Tensor, torch.nn.Parameter)
# A device that no storage is on: the mark of the unborn. Compared by identity alone.
UNBORN = torch.device("meta", 127)


class Label:
    """The device of one storage, and its birth certificate. Mutable: a storage is relabelled in place.

    `device` is one of the session's interned devices (compare with `is`), or `UNBORN`; then `call` is
    the call it was made in and `ambient` the device it takes if it meets nobody. `code`/`lasti` is the
    instruction outside torch that made it. `named` is True where the program said which device it
    wanted. `roots` are the labels of the tensors that a computed one was computed from. `from_device`
    is True for host data copied or computed from device data, `data` for a tensor made of Python or
    NumPy numbers, which had to be on the host. `epoch` is the session's phase at birth,
    `used` the last phase in which a host tensor took part in an operation. `shared` is True for the one
    label of everything that is at home: it says where, never who. `home` is True of it where it is no device's but
    the one under test, or an accelerator's.
    """

    __slots__ = (
        "ambient",
        "call",
        "code",
        "data",
        "device",
        "epoch",
        "from_device",
        "home",
        "lasti",
        "named",
        "roots",
        "shared",
        "used",
    )

    def __init__(self, device: torch.device, *, epoch: int = 0) -> None:
        self.device = device
        self.call = 0
        self.ambient = device
        self.epoch = epoch
        self.used = -1
        self.shared = False
        self.home = False
        self.code: CodeType | None = None
        self.lasti = 0
        self.named = False
        self.data = False
        self.from_device = False
        self.roots: tuple[Label, ...] = ()


ATTRIBUTE = "_samedevice_label"
# What the memory account keeps beside it.
HELD = "_samedevice_held"
_listener: Callable[[torch.UntypedStorage, torch.device], None] | None = None


def storages(tensor: Tensor) -> tuple[torch.UntypedStorage, ...]:
    """The storages that hold a tensor's data: one for a dense tensor, its parts' for a sparse, nested or wrapped one.

    Empty for tensors that have none (lazy and other exotic layouts).
    """
    if type(tensor) not in PLAIN and is_traceable_wrapper_subclass(tensor):
        return tuple(storage for part in _parts(tensor) for storage in storages(part))
    try:
        return (tensor.untyped_storage(),)
    except (NotImplementedError, RuntimeError):
        return tuple(storage for part in _parts(tensor) for storage in storages(part))
    except ValueError:  # a lazy module's parameter, which lets nobody look at it before it has a shape
        with torch._C.DisableTorchFunctionSubclass():
            return (tensor.untyped_storage(),)


def _parts(tensor: Tensor) -> tuple[Tensor, ...]:
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return (torch._C._functorch.get_unwrapped(tensor),)
    if is_traceable_wrapper_subclass(tensor):
        names, _ = tensor.__tensor_flatten__()
        return tuple(getattr(tensor, name) for name in names)
    layout = tensor.layout
    if layout is torch.sparse_coo:
        return (tensor._indices(), tensor._values())
    if layout in (torch.sparse_csr, torch.sparse_bsr):
        return (tensor.crow_indices(), tensor.col_indices(), tensor.values())
    if layout in (torch.sparse_csc, torch.sparse_bsc):
        return (tensor.ccol_indices(), tensor.row_indices(), tensor.values())
    return ()


def get(tensor: Tensor) -> Label | None:
    """The label of a tensor's storage; None where it has none, which means the CPU."""
    for storage in storages(tensor):
        label: Label | None = getattr(storage, ATTRIBUTE, None)
        if label is not None:
            return label
    return None


def put(tensor: Tensor, label: Label | None) -> None:
    """Label every storage of a tensor, replacing what was there."""
    for storage in storages(tensor):
        mark(storage, label)


def mark(storage: torch.UntypedStorage, label: Label | None) -> None:
    """Label one storage, and tell whoever listens."""
    setattr(storage, ATTRIBUTE, label)
    if _listener is not None:
        _listener(storage, CPU if label is None else label.ambient if label.device is UNBORN else label.device)


@contextmanager
def listening(listener: Callable[[torch.UntypedStorage, torch.device], None]) -> Iterator[None]:
    """Tell a listener of every storage that is labelled, with the device that it is on from then on."""
    global _listener
    before, _listener = _listener, listener
    try:
        yield
    finally:
        _listener = before


@contextmanager
def labelled_storages() -> Iterator[None]:
    """Give every storage an empty label to read, so that looking for one costs no exception."""
    if ATTRIBUTE in vars(torch.UntypedStorage):
        yield
        return
    for name in (ATTRIBUTE, HELD):
        setattr(torch.UntypedStorage, name, None)
    try:
        yield
    finally:
        for name in (ATTRIBUTE, HELD):
            delattr(torch.UntypedStorage, name)
