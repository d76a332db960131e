"""`torch.distributed.checkpoint`, in one process."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch import nn

from .format import Format, Origin


def save(model: nn.Module, folder: Path) -> None:
    """Write the state dict."""
    from torch.distributed.checkpoint.state_dict_saver import save as write  # late: half a second

    with _alone():
        write({"model": model.state_dict()}, checkpoint_id=folder, no_dist=True)


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Read in place into the state dict of a new model, then load that."""
    from torch.distributed.checkpoint.state_dict_loader import load as read

    model = origin.fresh()
    state = {"model": model.state_dict()}
    with _alone():
        read(state, checkpoint_id=folder, no_dist=True)
    model.load_state_dict(state["model"])
    return model.to(place)


@contextmanager
def _alone() -> Iterator[None]:
    """Without the warning that there is one process, which is meant."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="torch.distributed is disabled")
        yield


DISTRIBUTED = Format(
    name="distributed",
    title="torch.distributed.checkpoint",
    rebuilds=True,
    applies=lambda model: True,
    save=save,
    load=load,
)
