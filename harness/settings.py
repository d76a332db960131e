"""Settings of the whole process that a target may change for itself, and that the next cell must find as they were."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


@contextmanager
def restored() -> Iterator[None]:
    """Put back the working directory and PyTorch's own switches: a target that sets them is its cell's affair."""
    import torch  # late: the engine is imported by who only wants its words

    folder = _folder()
    kept = [(ask, tell, ask()) for ask, tell in _switches(torch)]
    try:
        yield
    finally:
        for ask, tell, before in kept:
            if ask() != before:
                tell(before)
        if folder is not None and folder != _folder():
            with suppress(OSError):  # it is no more: the next cell has none either way
                os.chdir(folder)


def _switches(torch: Any) -> tuple[tuple[Callable[[], Any], Callable[[Any], object]], ...]:
    """How each is read and set."""
    return (
        (torch.get_default_dtype, torch.set_default_dtype),
        (torch.get_default_device, lambda device: torch.set_default_device(None if device.type == "cpu" else device)),
        (torch.is_grad_enabled, torch.set_grad_enabled),
        (torch.get_num_threads, torch.set_num_threads),
        (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
        (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    )


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None
