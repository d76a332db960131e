"""Kernels: what MPS has no implementation of, by PyTorch's declarations (derived, until a Mac has recorded it)."""

from __future__ import annotations

import os

import torch

from .refusal import refuse
from .session import Session


def check_kernel(session: Session, op: str, device: torch.device) -> None:
    """Refuse an operator that MPS lacks, unless `PYTORCH_ENABLE_MPS_FALLBACK` sends it to the CPU, as PyTorch does."""
    if os.environ.get("PYTORCH_ENABLE_MPS_FALLBACK", "0") == "1":
        return
    refuse(
        session,
        NotImplementedError,
        f"The operator '{op}' is not currently implemented for the MPS device. If you want this op to be considered "
        "for addition please comment on https://github.com/pytorch/pytorch/issues/141287 and mention use-case, that "
        "resulted in missing op as well as commit hash. As a temporary fix, you can set the environment variable "
        "`PYTORCH_ENABLE_MPS_FALLBACK=1` to use the CPU as a fallback for this op. WARNING: this will be slower than "
        "running natively on MPS.",
        code="SD205",
        op=op,
        culprit=None,
        expected=device,
    )
