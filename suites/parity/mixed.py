"""Who brought another dtype into a model that was cast?"""

from typing import Any

import torch
from torch import nn

from ...harness.finding import Finding
from ...harness.naming import source_line
from ...harness.parity.mixing import Stray, stray


def mixed(model: nn.Module, fed: Any, dtype: torch.dtype, error: str) -> Finding:
    """The finding for a call that raised because of dtypes; names the tensor and the line that made it if it can."""
    found = stray(model, fed, dtype)
    name = str(dtype).removeprefix("torch.")
    return Finding(
        code="SD207",
        subject=found.name if found is not None and found.name else name,
        message=f"in {name} it raises {error}" + ("" if found is None else _said(found)),
        op=None if found is None else found.op,
        origin=None if found is None else found.origin or found.use,
        use=None if found is None else found.use,
        hint="make it with `dtype=x.dtype`, register it as a buffer so that a cast takes it along, or cast the result "
        "back: `.to(x.dtype)`; for a constant that half precision cannot hold, `torch.finfo(x.dtype).min`",
    )


def _said(found: Stray) -> str:
    who = f"`{found.name}`" if found.name else "a tensor"
    line = source_line(found.origin.file, found.origin.line) if found.origin is not None else ""
    return f"; {who} is {found.dtype}" + (f", made by `{line}`" if line else "")
