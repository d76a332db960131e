"""Quiet: libraries save and load without progress bars and remarks, and raw memory looks raw."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from ..bars import no_bars


@contextmanager
def quiet() -> Iterator[None]:
    """No bars, no log lines below an error, from transformers and huggingface_hub; as before afterwards."""
    names = ("transformers", "huggingface_hub", "peft", "accelerate", "torch.distributed.checkpoint")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with no_bars():
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def poisoned() -> Iterator[None]:
    """Memory that nobody has written to holds NaN, or the greatest integer, and never what lay there by chance."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    memory: Any = torch.utils.deterministic
    filled = memory.fill_uninitialized_memory
    torch.use_deterministic_algorithms(True, warn_only=True)
    memory.fill_uninitialized_memory = True
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        memory.fill_uninitialized_memory = filled
