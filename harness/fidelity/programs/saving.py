"""Saving: where tensors are after a checkpoint was read."""

import copy
import io
import pickle
from typing import Any

import torch
from torch import Tensor, nn

from .made import floats


def _saved(value: Any) -> io.BytesIO:
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return file


def loaded(saved: str) -> Any:
    """`torch.load` puts a tensor back where it was."""
    return torch.load(_saved(floats(saved, 2)))


def mapped(saved: str, target: str) -> Any:
    """`map_location=...`."""
    return torch.load(_saved(floats(saved, 2)), map_location=target)


def mapped_by_function(saved: str) -> Any:
    """`map_location` as a function that keeps storages on the CPU."""
    return torch.load(_saved(floats(saved, 2)), map_location=lambda storage, _: storage)


def mapped_by_table(saved: str, target: str) -> Any:
    """`map_location` as a table of devices."""
    held = floats(saved, 2)
    return torch.load(_saved(held), map_location={str(held.device): target})


def module_state(module: str, target: str) -> list[Tensor]:
    """A state dict, saved and loaded into a module elsewhere."""
    held = nn.Linear(2, 2).to(target)
    held.load_state_dict(torch.load(_saved(nn.Linear(2, 2).to(module).state_dict())))
    return list(held.state_dict().values())


def assigned_state(module: str, state: str) -> list[Tensor]:
    """`load_state_dict(assign=True)` takes the state's device."""
    held = nn.Linear(2, 2).to(module)
    held.load_state_dict(nn.Linear(2, 2).to(state).state_dict(), assign=True)
    return list(held.state_dict().values())


def meta_assigned(state: str) -> list[Tensor]:
    """A module made on meta that takes a state."""
    with torch.device("meta"):
        held = nn.Linear(2, 2)
    held.load_state_dict(nn.Linear(2, 2).to(state).state_dict(), assign=True)
    return list(held.state_dict().values())


def to_empty(target: str) -> list[Tensor]:
    """`to_empty` of a module made on meta."""
    with torch.device("meta"):
        held = nn.Linear(2, 2)
    return list(held.to_empty(device=target).parameters())


def pickled(data: str) -> Any:
    """`pickle`."""
    return pickle.loads(pickle.dumps(floats(data, 2)))


def module_copied(module: str) -> list[Tensor]:
    """`deepcopy` of a module."""
    return list(copy.deepcopy(nn.Linear(2, 2).to(module)).parameters())


PROGRAMS = (
    loaded,
    mapped,
    mapped_by_function,
    mapped_by_table,
    module_state,
    assigned_state,
    meta_assigned,
    to_empty,
    pickled,
    module_copied,
)
