"""Bijective discrete diffusion of text; importing this registers it with transformers' Auto classes."""

from .configuration_diffusion import BijectiveDiffusionConfig
from .corruption import TextCorruptor
from .device_aware import create_device_aware_corruptor, ensure_device_compatibility
from .modeling_diffusion import BijectiveDiffusionForDenoising, BijectiveDiffusionModel
from .noise_schedule import NoiseScheduler
from .sampling import denoise, generate

__all__ = [
    "BijectiveDiffusionConfig",
    "BijectiveDiffusionForDenoising",
    "BijectiveDiffusionModel",
    "NoiseScheduler",
    "TextCorruptor",
    "create_device_aware_corruptor",
    "denoise",
    "ensure_device_compatibility",
    "generate",
]
