"""`--example-inputs`: what a model is fed, in words."""

import sys
from collections.abc import Iterator
from typing import Any

from ..errors import NotChecked
from ..target import Target


def say_inputs(target: Target) -> None:
    """Print the arguments of a target, one a line, on standard error; or why there are none."""
    for line in lines(target):
        print(f"samedevice: {line}", file=sys.stderr)


def lines(target: Target) -> Iterator[str]:
    """`x: float32 [2, 8], from 0.01 to 0.99`, a line for each argument."""
    try:
        given = None if target.inputs is None else target.inputs()
    except NotChecked as reason:
        yield str(reason)
        return
    named = _named(given)
    yield f"{target.name} is fed {len(named)} argument{'s' * (len(named) != 1)}"
    yield from (f"  {name}: {described(value)}" for name, value in named.items())


def described(value: Any) -> str:
    """A tensor by dtype, shape and range; anything else as Python shows it, cut short."""
    import torch  # late: words come before it

    if not isinstance(value, torch.Tensor):
        return f"{type(value).__name__} {value!r:.80}"
    text = f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}"
    if value.is_meta or not value.numel() or value.is_complex():
        return text
    low, high = value.min().item(), value.max().item()
    return f"{text}, from {low:.3g} to {high:.3g}"


def _named(given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    if isinstance(given, tuple) and not hasattr(given, "_fields"):
        return {f"argument {number}": value for number, value in enumerate(given, 1)}
    return {"the argument": given}
