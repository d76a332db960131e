"""The formats, one file each: how it is written, how it is read, to whom it applies."""

from torch import nn

from .adapter import ADAPTER
from .distributed import DISTRIBUTED
from .format import Format, Origin
from .mixin import MIXIN
from .pickled import PICKLED
from .pretrained import MAPPED, PRETRAINED, SHARDED
from .safetensors import SAFETENSORS
from .state_dict import STATE_DICT

# The most particular first: `natural` takes the first that applies.
FORMATS: tuple[Format, ...] = (
    ADAPTER,
    PRETRAINED,
    MIXIN,
    STATE_DICT,
    SHARDED,
    MAPPED,
    SAFETENSORS,
    DISTRIBUTED,
    PICKLED,
)


def natural(model: nn.Module) -> Format:
    """The format that the model's own library writes; for a plain module, its state dict."""
    return next(fmt for fmt in FORMATS if fmt.applies(model))


def named(name: str) -> Format:
    """The format of that name. Raises `KeyError`."""
    return {fmt.name: fmt for fmt in FORMATS}[name]


__all__ = ["FORMATS", "Format", "Origin", "named", "natural"]
