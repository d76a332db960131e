"""`save_pretrained` and `from_pretrained` of transformers' own models, whole and in shards."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from torch import nn

from .format import Format, Origin

# Small enough that a toy is cut to pieces, large enough that a model of a hundred megabytes is not cut to thousands.
SHARD_BYTES = (1_000, 50_000_000)


def applies(model: nn.Module) -> bool:
    """True for a `PreTrainedModel`."""
    from transformers import PreTrainedModel

    return isinstance(model, PreTrainedModel)


def save(model: Any, folder: Path) -> None:
    """Write what `save_pretrained` writes by default."""
    model.save_pretrained(folder)


def save_sharded(model: Any, folder: Path) -> None:
    """Write several shards and their index."""
    size = sum(tensor.numel() * tensor.element_size() for tensor in model.state_dict().values())
    model.save_pretrained(folder, max_shard_size=min(max(size // 3, SHARD_BYTES[0]), SHARD_BYTES[1]))


def load(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Read with the class of the model that was saved."""
    cls: Any = origin.cls
    model: nn.Module = cls.from_pretrained(folder, **_borrowed(folder, cls))
    return model.to(place)


def can_be_mapped(model: nn.Module) -> bool:
    """Whether transformers takes a `device_map` for the model: it needs accelerate for that."""
    return applies(model) and find_spec("accelerate") is not None


def load_mapped(folder: Path, origin: Origin, place: str) -> nn.Module:
    """Read with `device_map`, which puts each tensor in its place as it comes."""
    cls: Any = origin.cls
    model: nn.Module = cls.from_pretrained(folder, device_map={"": place}, **_borrowed(folder, cls))
    return model


def _borrowed(folder: Path, cls: Any) -> dict[str, Any]:
    """The config, for a model type that has no class of its own: as `AutoModel` does, which reads it first.

    An IQuest-Coder is a `LlamaModel`, whose `from_pretrained` alone would make its config one of Llama's.
    """
    from transformers import AutoConfig, PretrainedConfig
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    told = PretrainedConfig.get_config_dict(folder)[0].get("model_type")
    own = getattr(cls.config_class, "model_type", told)
    return {} if told == own or told not in CONFIG_MAPPING else {"config": AutoConfig.from_pretrained(folder)}


PRETRAINED = Format(
    name="pretrained", title="save_pretrained of transformers", rebuilds=False, applies=applies, save=save, load=load
)
SHARDED = Format(
    name="sharded", title="save_pretrained in shards", rebuilds=False, applies=applies, save=save_sharded, load=load
)
MAPPED = Format(
    name="mapped",
    title="from_pretrained with device_map",
    rebuilds=False,
    applies=can_be_mapped,
    save=save,
    load=load_mapped,
)
