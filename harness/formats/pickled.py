"""`torch.save(model)`: the whole module as a pickle, which runs whatever it says when it is read."""

from pathlib import Path

import torch
from torch import nn

from .format import Format, Origin

FILE = "module.pt"


def save(model: nn.Module, folder: Path) -> None:
    """Write one pickle."""
    torch.save(model, folder / FILE)


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Run the pickle. Only files that this process wrote come here."""
    model: nn.Module = torch.load(folder / FILE, map_location=place, weights_only=False)
    return model


PICKLED = Format(
    name="pickled",
    title="torch.save of a module",
    rebuilds=False,
    applies=lambda model: True,
    save=save,
    load=load,
    unsafe=True,
)
