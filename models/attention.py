"""The attention functions through which rotations and biases reach a stock backbone.

They are registered with transformers under `encoded_sdpa` and `encoded_eager`, each with a mask function:
without that second registration transformers hands over no mask at all, and says nothing.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import sdpa_mask

from .positions import key_positions

Attended = tuple[Tensor, Tensor | None]

# What a user may ask for -> the registered name that does it and also encodes positions.
ENCODED = {None: "encoded_sdpa", "sdpa": "encoded_sdpa", "eager": "encoded_eager"}


def encoded_name(attn_implementation: str | None) -> str:
    """The registered name for an `attn_implementation`; raises `ValueError` for one that cannot encode positions."""
    if attn_implementation in ENCODED.values():
        return str(attn_implementation)
    if attn_implementation not in ENCODED:
        raise ValueError(
            f"attn_implementation {attn_implementation!r} would ignore the position encoding: choose 'sdpa' or 'eager'"
        )
    return ENCODED[attn_implementation]


def whole_mask(**kwargs: Any) -> Tensor | None:
    """Transformers' boolean mask [B,1,Tq,Tk], made even where a kernel could do without.

    Key positions are read from it, and making it always saves the question, which costs a synchronisation.
    """
    return sdpa_mask(**{**kwargs, "allow_is_causal_skip": False})


def encoded_sdpa(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **kwargs: Any
) -> Attended:
    """Encode positions, then PyTorch's fused attention: [B,Tq,H,Dh], and no weights."""
    query, key, visible, bias = _encoded(query, key, attention_mask, kwargs)
    mask = visible if bias is None else torch.where(visible, bias.to(query.dtype), torch.finfo(query.dtype).min)
    attended = nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, dropout_p=kwargs.get("dropout", 0.0), scale=kwargs.get("scaling")
    )
    return attended.transpose(1, 2).contiguous(), None


def encoded_eager(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **kwargs: Any
) -> Attended:
    """Encode positions, then attention written out, softmax in float32: [B,Tq,H,Dh] and weights [B,H,Tq,Tk]."""
    query, key, visible, bias = _encoded(query, key, attention_mask, kwargs)
    scaling = kwargs.get("scaling")
    scores = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5 if scaling is None else scaling)
    scores = scores.float() if bias is None else scores.float() + bias
    scores = scores.masked_fill(~visible, torch.finfo(scores.dtype).min)
    weights = scores.softmax(-1).to(value.dtype)
    weights = nn.functional.dropout(weights, p=kwargs.get("dropout", 0.0), training=module.training)
    return (weights @ value).transpose(1, 2).contiguous(), weights


def _encoded(
    query: Tensor, key: Tensor, attention_mask: Tensor | None, kwargs: dict[str, Any]
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Rotated query and key, the boolean mask, and the bias to add, if any."""
    if attention_mask is None:
        raise ValueError("attention got no mask, so that tokens would see the future: pass one, or call the reasoner")
    # A float mask, which only a caller can have made, has 0 where a key is seen and a negative number elsewhere.
    visible = attention_mask if attention_mask.dtype == torch.bool else attention_mask >= 0
    visible = visible[..., : key.shape[-2]]
    queries = kwargs["position_ids"]
    keys = key_positions(queries, visible)
    bias = None
    # The encoding may live on another device than this layer under a device_map; on one device these moves do nothing.
    device = query.device
    if (rotation := kwargs.get("position_rotation")) is not None:
        query, key = rotation(query, key, queries, keys)
        query, key = query.to(device), key.to(device)
    if (biasing := kwargs.get("position_bias")) is not None:
        bias = biasing(queries, keys).to(device)
    return query, key, visible, bias


def register() -> None:
    """Make both names known to transformers, as attention and as mask."""
    functions: dict[str, Callable[..., Attended]] = {"encoded_sdpa": encoded_sdpa, "encoded_eager": encoded_eager}
    for name, function in functions.items():
        AttentionInterface.register(name, function)
        AttentionMaskInterface.register(name, whole_mask)
