"""`safetensors.torch.save_model` and `load_model`, which keep one copy of what is shared."""

from pathlib import Path

from safetensors.torch import load_model, save_model
from torch import nn

from .format import Format, Origin

FILE = "model.safetensors"


def save(model: nn.Module, folder: Path) -> None:
    """Write one `.safetensors` file."""
    save_model(model, str(folder / FILE))


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Fill a new model, strictly. The file is read on the CPU: safetensors' reader knows no virtual device."""
    model = origin.fresh()
    load_model(model, str(folder / FILE))
    return model.to(place)


SAFETENSORS = Format(
    name="safetensors", title="safetensors of a module", rebuilds=True, applies=lambda model: True, save=save, load=load
)
