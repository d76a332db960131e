"""Others: time series, states, and what only one family takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .vision import noise
from .wish import BATCH, LENGTH, Wish


def _length(wish: Wish) -> int:
    lags: list[int] = wish.find("lags_sequence") or [0]
    return wish.number("context_length", "prediction_length", default=16) + max(lags)


def _past(wish: Wish) -> Tensor:
    """Values of a series, float32 `[2, steps]`, with an axis of channels where there are several."""
    channels = wish.number("num_input_channels", "input_size", default=1)
    return (
        noise(BATCH, _length(wish), channels)
        if channels > 1 or wish.find("num_input_channels")
        else noise(BATCH, _length(wish))
    )


def _times(wish: Wish) -> Tensor:
    return noise(BATCH, _length(wish), wish.number("num_time_features", default=1))


def _steps(width: str) -> Callable[[Wish], Tensor]:
    return lambda wish: noise(BATCH, LENGTH, wish.number(width, default=1))


def _timesteps(wish: Wish) -> Tensor:
    """Of each place in a trajectory, where the config knows how long one is; else of each row, as in diffusion."""
    if hasattr(wish.config, "max_ep_len"):
        return torch.arange(LENGTH).expand(BATCH, LENGTH).clone()
    return torch.arange(BATCH)


OTHERS: dict[str, Callable[[Wish], Any]] = {
    "past_values": _past,
    "past_observed_mask": lambda wish: torch.ones_like(_past(wish)),
    "past_time_features": _times,
    "inputs": _steps("d_model"),
    "states": _steps("state_dim"),
    "actions": _steps("act_dim"),
    "rewards": _steps(""),
    "returns_to_go": _steps(""),
    "timesteps": _timesteps,
}
