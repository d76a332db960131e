"""Saving: what a model that is pushed writes to disk, to be held against what lies on the Hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .bytes_of import digests
from .ways import Parcel

# Bytes: configs and cards are smaller.
_LARGEST_TEXT = 10_000_000


def saved(parcel: Parcel) -> dict[str, Any]:
    """Digests of what the same model writes to disk; only size counts (no digest) where two saves differ."""
    both = []
    for name in ("one", "two"):
        folder = parcel.folder.parent / name
        folder.mkdir()
        own = getattr(parcel.model, "save_pretrained", None)
        if callable(own) and not parcel.fmt.rebuilds:
            own(folder)
        else:
            parcel.fmt.save(parcel.model, folder)
        both.append(digests(folder))
    one, two = both
    return {name: one[name] if one[name] == two.get(name) else None for name in one}


def leaks(folder: Path) -> list[str]:
    """The files that hold the token by which this process writes."""
    token = os.environ["HF_TOKEN"].encode()
    texts = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < _LARGEST_TEXT)
    return sorted(str(path.relative_to(folder)) for path in texts if token in path.read_bytes())
