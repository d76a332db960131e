"""The limits of a cell: how long it may take, and how much memory the worker that it runs in may hold."""

import re
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..errors import UsageError

# Seconds. Nothing of ours takes a tenth of it; a cell that is at work for longer is a hang to who waits for it.
TIMEOUT = 600.0

# The share of the memory of the machine, or of the container, that all workers may hold together.
SHARE = 0.9

_CGROUP = Path("/sys/fs/cgroup/memory.max")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`timeout` in seconds for each cell; `memory` in bytes for a worker with all its children; `threads` of torch."""

    timeout: float = TIMEOUT
    memory: int
    threads: int = 1


def size(word: str) -> int:
    """Bytes of a word such as `8G`, `500M` or `2.5 GB`, in powers of ten. Raises `UsageError`."""
    match = _SIZE.fullmatch(word.strip())
    if match is None or not (found := int(float(match[1]) * _UNITS[match[2].lower()])):
        raise UsageError(f"{word!r} is not a size of memory: give one such as 8G or 500M")
    return found


def memory_for(workers: int) -> int:
    """What one of several workers may hold where nobody said: its part of nine tenths of what there is."""
    return int(_there_is() * SHARE / max(workers, 1))


def _there_is() -> int:
    total = psutil.virtual_memory().total
    try:
        allowed = _CGROUP.read_text().strip()
    except OSError:
        return total
    return min(total, int(allowed)) if allowed.isdecimal() else total
