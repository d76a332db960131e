"""`save_pretrained` and `from_pretrained` of `huggingface_hub.PyTorchModelHubMixin`."""

from pathlib import Path
from typing import Any

from torch import nn

from .format import Format, Origin


def applies(model: nn.Module) -> bool:
    """True for a class that mixes it in."""
    from huggingface_hub import PyTorchModelHubMixin

    return isinstance(model, PyTorchModelHubMixin)


def save(model: Any, folder: Path) -> None:
    """Write weights and the arguments that JSON can hold."""
    model.save_pretrained(folder)


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Call the class with the arguments from the folder, and fill it."""
    cls: Any = origin.cls
    model: nn.Module = cls.from_pretrained(folder)
    return model.to(place)


MIXIN = Format(
    name="mixin", title="save_pretrained of the Hub mixin", rebuilds=False, applies=applies, save=save, load=load
)
