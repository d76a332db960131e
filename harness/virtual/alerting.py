"""Alerting: what a virtual CUDA device says of a call that has no deterministic kernel.

Where the program wants only deterministic ones it raises what CUDA raises; otherwise the ledger notes each call, and
of what has no deterministic backward, each call that will need one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from . import origins
from .alerts import KERNELS, SPELLINGS
from .ledger import Alert
from .refusal import refuse
from .session import Session

_MAX = 2  # the mode of an embedding bag
_NO_REDUCTION = 0

# PyTorch's documentation limits these to some arguments.
_ONLY_IF: dict[str, Callable[[tuple[Any, ...], dict[str, Any]], bool]] = {
    "cumsum": lambda args, kwargs: _is_inexact(args, kwargs),
    "histc": lambda args, kwargs: _is_inexact(args, kwargs),
    "bincount": lambda args, kwargs: (args[1] if len(args) > 1 else kwargs.get("weights")) is not None,
    "scatter_reduce.two": lambda args, kwargs: "prod" in (*args, *kwargs.values()),
    "nll_loss2d_forward": lambda args, kwargs: args[3] != _NO_REDUCTION,
    "nll_loss2d_backward": lambda args, kwargs: args[4] != _NO_REDUCTION,
    "_embedding_bag_backward": lambda args, kwargs: args[8] == _MAX,
    "_embedding_bag_dense_backward": lambda args, kwargs: args[7] == _MAX,
    "_embedding_bag": lambda args, kwargs: (args[5] if len(args) > 5 else kwargs.get("mode", 0)) == _MAX,
}


def _is_inexact(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    dtype = kwargs.get("dtype") or args[0].dtype
    return bool(dtype.is_floating_point or dtype.is_complex)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One call of an operator that has an alert: `alert` is a key of `KERNELS`."""

    operator: str
    alert: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def is_forward(self) -> bool:
        """Whether only its backward has the alert."""
        return self.alert.endswith("_backward") and not self.operator.partition(".")[0].endswith("_backward")

    @property
    def applies(self) -> bool:
        """Whether these arguments are among those that the documentation names."""
        asked = SPELLINGS.get(self.operator, self.operator)
        if asked in _ONLY_IF and not _ONLY_IF[asked](self.args, self.kwargs):
            return False
        return not self.is_forward or (torch.is_grad_enabled() and any(map(_needs_grad, self.args)))


def _needs_grad(value: Any) -> bool:
    return isinstance(value, Tensor) and value.requires_grad


def check_alert(session: Session, called: Called, device: torch.device) -> None:
    """Note a call that has no deterministic kernel, and refuse or warn where the program wants only such."""
    if device.type != "cuda" or not called.applies:
        return
    kernel = KERNELS[called.alert]
    if session.ledger is not None:
        session.ledger.alert(Alert(op=f"aten::{called.operator}", kernel=kernel, use=origins.here()))
    if called.is_forward or not torch.are_deterministic_algorithms_enabled():
        return
    if torch.is_deterministic_algorithms_warn_only_enabled():
        warnings.warn(f"{kernel} {_WORDS}{_WARN_ONLY}", UserWarning, stacklevel=2)
        return
    words = f"{kernel} {_WORDS}{_WAYS_OUT}"
    refuse(session, RuntimeError, words, code="SD407", op=f"aten::{called.operator}", culprit=None, expected=device)


_WORDS = "does not have a deterministic implementation, but you set 'torch.use_deterministic_algorithms(True"
_WARN_ONLY = (
    ", warn_only=True)'. You can file an issue at https://github.com/pytorch/pytorch/issues to help us prioritize "
    "adding deterministic support for this operation."
)
_WAYS_OUT = (
    ")'. You can turn off determinism just for this operation, or you can use the 'warn_only=True' option, if that's "
    "acceptable for your application. You can also file an issue at https://github.com/pytorch/pytorch/issues to help "
    "us prioritize adding deterministic support for this operation."
)
