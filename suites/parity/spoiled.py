"""Does a cast leave whole numbers, truth values and complex numbers what they were?"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from ...harness.finding import Finding
from ...harness.parity.casting import registered


def spoiled(model: nn.Module, before: dict[str, Tensor], dtype: torch.dtype) -> Iterator[Finding]:
    """A finding for a tensor without fractions that was cast along, and for a complex one that lost half of itself."""
    after = registered(model)
    name = str(dtype).removeprefix("torch.")
    for path, tensor in before.items():
        now = after.get(path)
        if now is None or now.dtype == tensor.dtype:
            continue
        if tensor.is_complex() and now.is_complex():
            continue
        if tensor.is_complex() and not bool(tensor.imag.any()):
            continue
        lost = "loses its imaginary part" if tensor.is_complex() else f"becomes {now.dtype}"
        yield Finding(
            code="SD208",
            subject=path,
            message=f"`{path}` is {tensor.dtype}, and `.to({dtype})` of the model casts it: it {lost} in {name}",
            hint="hold complex numbers as real ones (`torch.view_as_real`) and turn them back in the forward"
            if tensor.is_complex()
            else "let `_apply` and `to` of the class leave integers and truth values alone",
        )
