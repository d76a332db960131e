"""What an encoding is fed: arguments of any length, made after the pattern of the target's own inputs."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from ...harness.errors import NotChecked
from ...harness.target import Target
from ...models.encodings.method import Place
from ...models.tokenizer import BYTE_VOCABULARY

Feed = dict[str, Tensor]

SEED = 11


def pattern(target: Target) -> Feed:
    """The target's own inputs. Raises `NotChecked` where they are not those of an encoding."""
    inputs = target.inputs() if target.inputs is not None else None
    if not isinstance(inputs, dict) or place_of(inputs) is None:
        raise NotChecked(
            "is no position encoding: its inputs are none of (hidden, positions), "
            "(query, key, query_positions, key_positions), (query_positions, key_positions)"
        )
    return inputs


def place_of(inputs: dict[str, Any]) -> Place | None:
    """Where an encoding acts, told by the names of its arguments; None for other arguments."""
    if {"hidden", "positions"} <= inputs.keys():
        return "embedding"
    if {"query_positions", "key_positions"} <= inputs.keys():
        return "rotation" if {"query", "key"} <= inputs.keys() else "bias"
    return None


def feed(like: Feed, positions: Tensor, queries: Tensor | None = None) -> Feed:
    """Arguments with the names and widths of `like` for one row at `positions` [1,T], on the CPU in float32.

    The queries of a rotation or bias may stand elsewhere: `queries` [1,Tq]. The numbers depend on
    the position of a token alone, so that two feeds agree wherever their positions do.
    """
    queries = positions if queries is None else queries
    makers: dict[str, Callable[[Tensor], Tensor]] = {
        "hidden": lambda example: _states(example.shape[-1], positions, salt=1),
        "positions": lambda example: positions,
        "token_ids": lambda example: positions * 7 % BYTE_VOCABULARY,
        "query": partial(_heads, positions=queries, salt=2),
        "key": partial(_heads, positions=positions, salt=3),
        "query_positions": lambda example: queries,
        "key_positions": lambda example: positions,
    }
    return {name: makers[name](example) for name, example in like.items()}


def cast(arguments: Feed, *, device: str, dtype: torch.dtype = torch.float32) -> Feed:
    """The arguments on the device named `device`; those of floating point in `dtype`."""
    return {
        name: tensor.to(device=device, dtype=dtype if tensor.is_floating_point() else tensor.dtype)
        for name, tensor in arguments.items()
    }


def encode(encoding: nn.Module, arguments: Feed) -> tuple[Tensor, ...]:
    """The outputs as a tuple: one of an embedding or a bias, query and key of a rotation."""
    output = encoding(**arguments)
    return output if isinstance(output, tuple) else (output,)


def span(start: int, stop: int) -> Tensor:
    """Positions `start` to `stop - 1`: int64 [1, stop - start]."""
    return torch.arange(start, stop).unsqueeze(0)


def _states(width: int, positions: Tensor, salt: int) -> Tensor:
    """Numbers between -2 and 2, [1,T,width], each a fixed scrambling of position, coordinate and `salt`."""
    rows = positions.double().unsqueeze(-1) * 12.9898 + salt * 4.1414
    columns = torch.arange(width, dtype=torch.float64) * 78.233
    return (torch.sin(rows + columns) * 43758.5453).frac().mul(2.0).float()


def _heads(example: Tensor, positions: Tensor, salt: int) -> Tensor:
    heads, width = example.shape[1], example.shape[-1]
    states = _states(heads * width, positions, salt)
    return states.view(*positions.shape, heads, width).transpose(1, 2)
