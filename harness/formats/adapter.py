"""`save_pretrained` of a PEFT model: its adapters alone, put on a base model that comes from elsewhere."""

import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn

from .format import Format, Origin

BASE = "base.pt"


def applies(model: nn.Module) -> bool:
    """True for a `PeftModel`."""
    peft = sys.modules.get("peft")
    return peft is not None and isinstance(model, peft.PeftModel)


def save(model: Any, folder: Path) -> None:
    """Write the adapters; beside them the frozen weights, which stand for the checkpoint of the base model."""
    model.save_pretrained(folder)
    frozen = {name: tensor for name, tensor in model.state_dict().items() if _is_frozen(model, name)}
    torch.save(frozen, folder / BASE)


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Take a new base model, with the frozen weights, and put the adapters on it.

    What was trained and is no adapter is not among them: it keeps the values of the new model.
    """
    import peft

    made: Any = origin.fresh()
    adapters = list(made.peft_config)
    base = made.unload()
    model = peft.PeftModel.from_pretrained(base, folder, adapter_name=adapters[0], is_trainable=True)
    for name in adapters[1:]:
        model.load_adapter(folder / name, adapter_name=name, is_trainable=True)
    frozen = torch.load(folder / BASE, map_location=place, weights_only=True)
    model.load_state_dict(frozen, strict=False)
    loaded: nn.Module = model.to(place)
    return loaded


def _is_frozen(model: Any, name: str) -> bool:
    """True for what the base model brings along: no adapter has its name in it, and no training changes it."""
    if any(adapter in name.split(".") for adapter in model.peft_config):
        return False
    try:
        return not model.get_parameter(name).requires_grad
    except AttributeError:  # a buffer
        return True


ADAPTER = Format(name="adapter", title="save_pretrained of PEFT", rebuilds=True, applies=applies, save=save, load=load)
