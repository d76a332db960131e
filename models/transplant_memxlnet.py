"""Give a pretrained XLNet a memory and keep all its weights."""

from pathlib import Path
from typing import Any, TypeVar

from transformers import PreTrainedModel, XLNetModel

from .modeling_memxlnet import MemXLNetForQA

Model = TypeVar("Model", bound=MemXLNetForQA)


def from_xlnet(source: PreTrainedModel | str | Path, kind: type[Model], **memory: Any) -> Model:
    """A model of class `kind` around the weights of a stock XLNet, on its device and in its dtype.

    `source` is an XLNet of transformers, with any head or none, or the directory or Hub id of one; `memory` are the
    fields of the configuration that XLNet has not (`memory_slots=16`, `num_memory_experts=4`). Memory and head start
    fresh. Raises `ValueError` for another architecture.
    """
    if not isinstance(source, PreTrainedModel):
        source = XLNetModel.from_pretrained(source)
    if source.config.model_type != "xlnet":
        raise ValueError(f"cannot take over the weights of a {source.config.model_type!r} model: give an XLNet")
    stock = {key: value for key, value in source.config.to_dict().items() if key not in ("model_type", "architectures")}
    model = kind(kind.config_class(**stock, **memory))
    model.to(device=source.device, dtype=source.dtype)  # type: ignore[call-arg]
    model.train(source.training)
    model.transformer.load_state_dict(source.base_model.state_dict())
    return model
