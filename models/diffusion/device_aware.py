"""Keeping a model and its corruptor, which is no module, on one device."""

import torch
from torch import nn

from .configuration_diffusion import BijectiveDiffusionConfig
from .corruption import TextCorruptor
from .noise_schedule import NoiseScheduler


def ensure_device_compatibility(model: nn.Module, corruptor: TextCorruptor) -> torch.device:
    """Move the corruptor, with its scheduler, to where the model is, and return that device.

    The model stays where it is. Raises `ValueError` for a model without parameters, on the meta device, or on
    several devices: one corruptor cannot be on all of them.
    """
    devices = {parameter.device for parameter in model.parameters()}
    if len(devices) != 1 or torch.device("meta") in devices:
        found = ", ".join(sorted(map(str, devices))) or "no device, having no parameters"
        raise ValueError(f"{type(model).__name__} is on {found}: move it to one device, then make the corruptor follow")
    (device,) = devices
    corruptor.to(device)
    return device


def create_device_aware_corruptor(
    config: BijectiveDiffusionConfig, scheduler: NoiseScheduler, device: torch.device | str | None = None
) -> TextCorruptor:
    """A corruptor with all its tables on `device`; the scheduler moves there too, or decides where `device` is None."""
    if device is not None:
        scheduler.to(device)
    return TextCorruptor(config, scheduler)
