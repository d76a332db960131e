"""`torch.save(model.state_dict())`, read with `weights_only=True` and `load_state_dict`."""

from pathlib import Path

import torch
from torch import nn

from .format import Format, Origin

FILE = "model.pt"


def save(model: nn.Module, folder: Path) -> None:
    """Write one `.pt` file."""
    torch.save(model.state_dict(), folder / FILE)


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Fill a new model, strictly."""
    model = origin.fresh()
    model.load_state_dict(torch.load(folder / FILE, map_location=place, weights_only=True))
    return model.to(place)


STATE_DICT = Format(
    name="state_dict",
    title="torch.save of a state dict",
    rebuilds=True,
    applies=lambda model: True,
    save=save,
    load=load,
)
