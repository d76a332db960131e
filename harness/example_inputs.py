"""Inputs for models that came without any, made from a transformers model's config and signature."""

import inspect
from typing import TYPE_CHECKING, Any

from .errors import NotChecked

if TYPE_CHECKING:
    import torch

_BATCH, _LENGTH = 2, 8
_MEND = "give --inputs, or an attribute `inputs` beside the target"


def example_inputs(model: Any) -> dict[str, Any]:
    """Keyword arguments that a model can be called with, on the CPU.

    A forward without required arguments gets none. A transformers model gets tokens
    (int64 `[2, 8]`, below the vocabulary's size, without padding) or an image (float32
    `[2, channels, height, width]`), by its main input. Raises `NotChecked` for any other model.
    """
    import torch

    accepted = inspect.signature(model.forward).parameters
    if hasattr(model, "config") and getattr(model, "main_input_name", None) in accepted:
        return _from_config(model)
    needed = _required(model)
    if needed:
        raise NotChecked(f"cannot be fed: forward wants {', '.join(needed)}; {_MEND}")
    if type(model).forward is torch.nn.Module.forward:
        raise NotChecked(f"cannot be fed: {type(model).__name__} has no forward")
    return {}


def _from_config(model: Any) -> dict[str, Any]:
    main = model.main_input_name
    accepted = inspect.signature(model.forward).parameters
    if main == "input_ids" and _vocabulary(model.config):
        fed = _text(model.config, accepted)
    elif main == "pixel_values" and hasattr(model.config, "image_size"):
        fed = {"pixel_values": _image(model.config)}
    else:
        raise NotChecked(f"cannot be fed: no example is known for the main input {main!r}; {_MEND}")
    missing = [name for name in _required(model) if name not in fed]
    if missing:
        raise NotChecked(f"cannot be fed: forward also wants {', '.join(missing)}; {_MEND}")
    return fed


def _text(config: Any, accepted: Any) -> "dict[str, torch.Tensor]":
    import torch

    tokens = _tokens(config)
    fed = {"input_ids": tokens, "attention_mask": torch.ones_like(tokens)}
    if getattr(config, "is_encoder_decoder", False):
        fed["decoder_input_ids"] = _tokens(config)
    return {name: tensor for name, tensor in fed.items() if name in accepted}


def _tokens(config: Any) -> "torch.Tensor":
    """Consecutive tokens that avoid the special ones where the vocabulary is large enough."""
    import torch

    size = _vocabulary(config)
    special = {getattr(config, f"{role}_token_id", None) for role in ("pad", "bos", "eos", "decoder_start")}
    plain = [token for token in range(min(size, 64)) if token not in special] or [0]
    row = torch.tensor([plain[i % len(plain)] for i in range(_BATCH * _LENGTH)])
    return row.view(_BATCH, _LENGTH)


def _vocabulary(config: Any) -> int:
    text = config.get_text_config()
    return int(getattr(text, "vocab_size", 0) or 0)


def _image(config: Any) -> "torch.Tensor":
    import torch

    size = config.image_size
    height, width = (size, size) if isinstance(size, int) else tuple(size)
    shape = (_BATCH, getattr(config, "num_channels", 3), height, width)
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


def _required(model: Any) -> list[str]:
    parameters = inspect.signature(model.forward).parameters.values()
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [p.name for p in parameters if p.kind in plain and p.default is inspect.Parameter.empty]
