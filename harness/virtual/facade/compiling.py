"""Compiling: what `torch.compile` made runs eagerly, since a compiler would not see the devices. One note says so."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

from ..patching import patched

_LOG = logging.getLogger("samedevice")


@contextmanager
def eager() -> Iterator[None]:
    """Run compiled code eagerly, in PyTorch's own way of doing so, from the first time that anything is compiled."""
    compile = torch.compile
    done: set[str] = set()
    with ExitStack() as stack:

        def stand() -> None:
            if "standing" not in done:
                done.add("standing")
                stack.enter_context(torch.compiler.set_stance("force_eager"))

        def compile_eagerly(*args: Any, **kwargs: Any) -> Any:
            if "said" not in done:
                done.add("said")
                _LOG.warning("torch.compile runs eagerly on a virtual device")
            stand()
            return compile(*args, **kwargs)

        if "torch._dynamo" in sys.modules:  # else nothing was compiled, and importing it takes seconds
            stand()
        stack.enter_context(patched(torch, "compile", compile_eagerly))
        yield
