"""Feeding: the same tokens as one row alone, without their last or first ones, or with padding in their place."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor, nn

# Words of a signature by which everybody means a batch in dimension 0, and what else comes with a token each.
_BATCHED = ("input_ids", "pixel_values", "input_values", "input_features", "inputs_embeds")
_ALONG = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
# A loss is a mean over the batch, and what is not told apart from it.
_LOSSES = ("labels", "start_positions", "end_positions", "return_loss")
CUT = 2


class Side(StrEnum):
    """Where the padding is."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Padded:
    """Inputs without padding, the same with `CUT` masked tokens on one side, and the length of the former."""

    plain: dict[str, Tensor]
    padded: dict[str, Tensor]
    length: int


def unlabelled(inputs: Any) -> dict[str, Any] | None:
    """Keyword inputs without what asks for a loss; None where a model is not fed by keyword."""
    if not isinstance(inputs, dict) or not any(name in inputs for name in _BATCHED):
        return None
    return {name: value for name, value in inputs.items() if name not in _LOSSES}


def first_row(inputs: Any) -> tuple[dict[str, Any], dict[str, Any], int] | None:
    """A batch and its first row alone; None where not all tensors share a first dimension of two or more."""
    batch = unlabelled(inputs)
    if batch is None or not all(isinstance(value, Tensor | bool | int | str | None) for value in batch.values()):
        return None
    tensors = {name: value for name, value in batch.items() if isinstance(value, Tensor)}
    sizes = {value.shape[0] if value.dim() else 0 for value in tensors.values()}
    if len(sizes) != 1 or min(sizes) < 2:
        return None
    return batch, {**batch, **{name: value[:1] for name, value in tensors.items()}}, sizes.pop()


def padded(model: nn.Module, inputs: Any, side: Side) -> Padded | None:
    """Inputs with and without padding on a side; None where the signature does not say how to mask or to place them.

    The tokens that are masked take the place of two that were there, so that no length is exceeded. Padding on the left
    moves all positions: it is asked where `position_ids` say so.
    """
    fed = unlabelled(inputs)
    accepted = inspect.signature(model.forward).parameters
    if fed is None or "attention_mask" not in accepted or "input_ids" not in fed:
        return None
    tokens = fed["input_ids"]
    if not isinstance(tokens, Tensor) or tokens.dim() != 2 or tokens.shape[1] < 2 * CUT or tokens.is_floating_point():
        return None
    fed = {"attention_mask": torch.ones_like(tokens), **fed}
    along = {name for name, value in fed.items() if isinstance(value, Tensor) and value.shape == tokens.shape}
    if "attention_mask" not in along or not set(fed) - {"attention_mask"} <= {*_ALONG, "decoder_input_ids"}:
        return None
    if side is Side.LEFT:
        if "position_ids" not in accepted or not bool(fed["attention_mask"].all()):
            return None
        fed["position_ids"] = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        along.add("position_ids")
    return _both(model, fed, along & set(_ALONG), side)


def _both(model: nn.Module, fed: dict[str, Any], along: set[str], side: Side) -> Padded:
    length = fed["input_ids"].shape[1] - CUT
    keep = slice(0, length) if side is Side.RIGHT else slice(CUT, None)
    masked = slice(length, None) if side is Side.RIGHT else slice(0, CUT)
    plain = {name: value[:, keep] if name in along else value for name, value in fed.items()}
    filled = {name: value.clone() if name in along else value for name, value in fed.items()}
    filled["attention_mask"][:, masked] = 0
    filled["input_ids"][:, masked] = pad_token(model)
    if "position_ids" in along and side is Side.LEFT:
        plain["position_ids"] = plain["position_ids"] - CUT
        filled["position_ids"] = (filled["position_ids"] - CUT).clamp(min=0)
    return Padded(plain=plain, padded=filled, length=length)


def pad_token(model: nn.Module) -> int:
    """The padding token of the config, else 0."""
    config: Any = getattr(model, "config", None)
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    return int(getattr(text, "pad_token_id", None) or 0)
