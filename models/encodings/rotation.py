"""Rotary arithmetic that the three RoPE variants share."""

import torch
from torch import Tensor


def rotary_width(head_dim: int, fraction: float) -> int:
    """How many of a head's `head_dim` coordinates turn. Raises `ValueError` unless even and positive."""
    width = int(head_dim * fraction)
    if width < 2 or width % 2 or width > head_dim:
        raise ValueError(
            f"rotary width {width} (head_dim {head_dim} x fraction {fraction}) must be even and between 2 and "
            f"{head_dim}: choose another head_dim or fraction"
        )
    return width


def inverse_frequencies(width: int, theta: float, device: torch.device) -> Tensor:
    """`theta ** (-2i / width)` for each pair of coordinates i: float32 [width / 2]."""
    exponents = torch.arange(0, width, 2, dtype=torch.float32, device=device) / width
    frequencies: Tensor = 1.0 / (theta**exponents)
    return frequencies


def rotate(states: Tensor, angles: Tensor, scaling: float = 1.0) -> Tensor:
    """Turn pair (i, i + width/2) of the leading `width` coordinates by `angles`; the rest passes through.

    states: [B,H,T,Dh] of any float dtype; angles: float32 [B or 1,T,width/2] in radians; `scaling` multiplies the
    rotated part. The pairing in halves is the layout of GPT-NeoX and Llama; cos and sin are taken in
    float32 and rounded to the dtype of `states` once, as there.
    """
    doubled = torch.cat((angles, angles), dim=-1).unsqueeze(1)
    cos = (doubled.cos() * scaling).to(states.dtype)
    sin = (doubled.sin() * scaling).to(states.dtype)
    width = doubled.shape[-1]
    turned, passed = states[..., :width], states[..., width:]
    first, second = turned.chunk(2, dim=-1)
    turned = (turned * cos) + (torch.cat((-second, first), dim=-1) * sin)
    return torch.cat((turned, passed), dim=-1)
