"""Bytes: of a model's numbers, changed for a while so that no two pushes are alike, and of files, by their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import nn

from ..roundtrip.bits import turn
from ..roundtrip.losses import left_out


@contextmanager
def stamped(model: nn.Module, number: int) -> Iterator[None]:
    """Every number of every saved parameter changed in a few low bits inside, each `number` otherwise; 0 changes none.

    Equal weights that a class draws again, or a cache holds from before, cannot pass for those that were pushed.
    """
    unsaved = left_out(model)
    saved = [parameter for name, parameter in model.named_parameters() if name not in unsaved] if number else []
    turn(iter(saved), number)
    try:
        yield
    finally:
        turn(iter(saved), number)


def digests(folder: Path) -> dict[str, dict[str, Any]]:
    """Size, SHA-256 and git's own digest of each file below a folder: a Hub tells one or the other."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): _digest(path) for path in files}


def _digest(path: Path) -> dict[str, Any]:
    size = path.stat().st_size
    lfs, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            lfs.update(chunk)
            blob.update(chunk)
    return {"size": size, "sha256": lfs.hexdigest(), "oid": blob.hexdigest()}
