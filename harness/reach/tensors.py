"""What the walk asks of a tensor: its storage, its gradient, its hooks. No data is read and no operator runs."""

from collections.abc import Iterator

import torch

from .anatomy import Anatomy, attributes
from .functions import label
from .place import Place, Rank, dotted, via
from .reached import How

# Under this guard neither a mode nor a subclass sees the calls below: they are bookkeeping of ours.
_unseen = torch._C.DisableTorchFunction

_HOST_KEYS = ("['step']", "['mu_product']", "['lr']")


def storage_key(tensor: torch.Tensor) -> int | None:
    """What tensors that share memory have in common; None where there is no single storage (sparse, vmap, lazy)."""
    with _unseen():
        try:
            return int(tensor.untyped_storage()._cdata)
        except (RuntimeError, ValueError):
            return None


def how_held(tensor: torch.Tensor, place: Place) -> How:
    """`place.how`, or `HIDDEN_PARAMETER` where it turns out that the tensor is trained and not listed."""
    if place.how not in (How.ATTRIBUTE, How.CONTAINER, How.OBJECT):
        return place.how
    with _unseen():
        trained = issubclass(type(tensor), torch.nn.Parameter) or (tensor.requires_grad and tensor.is_leaf)
    return How.HIDDEN_PARAMETER if trained else place.how


def stays_on_host(tensor: torch.Tensor, place: Place) -> bool:
    """True for the counters that PyTorch's optimizers keep on the CPU by design."""
    with _unseen():
        return place.how is How.OPTIMIZER and tensor.dim() == 0 and place.path.endswith(_HOST_KEYS)


def tensor_edges(tensor: torch.Tensor, place: Place, anatomy: Anatomy) -> Iterator[tuple[object, Place]]:
    """The gradient of a leaf, its hooks, and attributes that somebody set on it."""
    with _unseen():
        leaf = tensor.is_leaf  # asking another tensor for its gradient warns
        grad = tensor.grad if leaf else None
        hooks = tensor._backward_hooks if leaf else None
    if grad is not None:
        yield grad, via(place, ".grad", How.GRADIENT, place.rank)
    for hook in tuple((hooks or {}).values()):
        yield hook, via(place, f".<hooks>.{label(hook)}", How.HOOK, Rank.REFERRED, name=label(hook), owner=label(hook))
    if anatomy.wrapper:  # its parts are its own business
        return
    listed = place.how in (How.PARAMETER, How.BUFFER, How.GRADIENT)
    for name, value in attributes(tensor, anatomy):
        how = How.ATTRIBUTE if listed else place.how
        yield value, via(place, f".{dotted('', name)}", how, Rank.OWNED, name=name)
