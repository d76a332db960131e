"""Sinusoids: features of timesteps, and the rotation that tells attention where tokens stand."""

import math

import torch
from torch import Tensor

LONGEST_PERIOD = 10000.0


def sinusoidal_features(values: Tensor, width: int) -> Tensor:
    """Sines, then cosines, of numbers at geometric frequencies: values [...] -> float32 [..., width], on their device.

    Vaswani et al. 2017, *Attention Is All You Need* (arXiv:1706.03762), section 3.5; `width` is even. Computed at
    each call, so no table can be left behind or be too short. Float32 whatever the dtype of the model: bfloat16 has
    no integers above 256.
    """
    order = torch.arange(width // 2, dtype=torch.float32, device=values.device)
    frequencies = torch.exp(order * (-2 * math.log(LONGEST_PERIOD) / width))
    angles = values.float().unsqueeze(-1) * frequencies
    return torch.cat((angles.sin(), angles.cos()), dim=-1)


def rotate(states: Tensor, positions: Tensor) -> Tensor:
    """Turn queries or keys by an angle that grows with their position: [B,H,T,Dh] and [B,T] or [T] -> [B,H,T,Dh].

    Su et al. 2021, *RoFormer* (arXiv:2104.09864), in the half-split layout: the product of a turned query and a turned
    key depends on their distance alone. Angles are float32, the result has the dtype of the states.
    """
    sines, cosines = sinusoidal_features(positions, states.shape[-1]).unsqueeze(-3).to(states.dtype).chunk(2, -1)
    first, second = states.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), dim=-1)
