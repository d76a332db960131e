"""Stages: lists of widths, heads and depths of a model whose layers grow."""

from __future__ import annotations

from typing import Any

from .sizes import WIDTH, limit


def few(key: str, value: Any, config: dict[str, Any]) -> Any:
    """A list with small numbers in the same proportions."""
    kind = type(value)
    if not value or not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        return value
    if key in ("depths", "depth", "num_layers", "layers", "num_block_repeats", "stage_numb_of_layers"):
        return kind(min(one, 1) for one in value)
    most = limit(key)
    if most is None:
        return value
    if len(set(value)) == 1:
        return kind(min(one, most) for one in value)
    if most == WIDTH and max(value) > WIDTH:
        return kind(_eighth(one) for one in value)
    if most in (32, 128) and max(value) > most:
        return kind(min(one, most) for one in value)
    return value


def sections(value: list[int], half: int) -> list[int]:
    """Rotary sections that fill half of a small head, none of them empty."""
    whole = sum(value)
    made = [max(1, round(one * half / whole)) for one in value]
    made[0] += half - sum(made)
    return made


def _eighth(width: int) -> int:
    return width // 8 if width % 64 == 0 or (width % 8 == 0 and width >= 64) else width
