"""Audio: waveforms and spectrograms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .vision import noise
from .wish import BATCH, Wish

_SAMPLES, _FRAMES = 4800, 64
_BINS = (
    "feature_projection_input_dim",
    "num_mel_bins",
    "n_mels",
    "mel_bins",
    "input_feat_per_channel",
    "feature_size",
    "input_dim",
    "num_mel_channels",
    "in_channels",
)


def _waveform(wish: Wish) -> Tensor:
    """Random samples, float32 `[2, samples]`, with an axis for the channels where the model's codec has it."""
    if wish.find("max_length") and wish.find("num_mel_bins", "frequency_stride"):
        return noise(BATCH, wish.number("max_length", default=_FRAMES), wish.number("num_mel_bins", default=80))
    if wish.find("audio_channels", "upsampling_ratios", "downsampling_ratios", "hop_length"):
        return noise(BATCH, 1, _SAMPLES) - 0.5
    return noise(BATCH, _SAMPLES) - 0.5


def _features(wish: Wish) -> Tensor | None:
    """A random spectrogram: float32 `[2, bins, frames]` for an ear like Whisper's, else `[2, frames, bins]`."""
    ear = wish.part("audio_config", "audio_encoder_config", "encoder_config") or wish
    if "input_ids" in wish.accepted and "input_features" not in (*wish.required, *wish.main):
        return None
    bins = ear.number(*_BINS, default=80)
    if ear.find("spec_size") is not None:
        return noise(BATCH, 1, _FRAMES, bins)
    frames = 2 * ear.number("max_source_positions", default=_FRAMES // 2)
    return noise(BATCH, bins, frames) if _is_tall(ear) else noise(BATCH, frames, bins)


def _is_tall(ear: Wish) -> bool:
    flat = ear.find("conv_kernel_sizes", "conv_channels", "feature_projection_input_dim") is not None
    return ear.find("max_source_positions") is not None and not flat


def _all_there(wish: Wish) -> Tensor | None:
    features = _features(wish)
    ear = wish.part("audio_config", "encoder_config") or wish
    return None if features is None else torch.ones(BATCH, features.shape[-1 if _is_tall(ear) else 1], dtype=torch.long)


AUDIO: dict[str, Callable[[Wish], Any]] = {
    "input_values": _waveform,
    "input_features": _features,
    "input_features_mask": _all_there,
    "audio_mel": _features,
    "audio_mel_mask": lambda wish: torch.zeros(BATCH, _FRAMES, dtype=torch.bool),
    "spectrogram": lambda wish: noise(BATCH, _FRAMES, wish.number("num_mel_bins", "model_in_dim", default=80)),
}
