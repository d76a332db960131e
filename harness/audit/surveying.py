"""A survey: all folders of a checkpoint with what their headers say, before any question is asked."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import NotChecked, UsageError
from .contents import Contents
from .folder import alone, folders
from .shard_index import INDEX
from .snapshot import Snapshot, snapshot

# Up to here the tensors' own bytes are read unasked: half a second.
READ_UNASKED = 256_000_000
_MARKS = ("config.json", "adapter_config.json", "model_index.json", ".metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found below `path`. `whole` is False for a single file, `depth` where data is not to be read."""

    path: Path
    whole: bool
    depth: bool
    snapshots: tuple[Snapshot, ...]

    @property
    def contents(self) -> Iterator[Contents]:
        """Every file of tensors or pickles, in the order of folders and names."""
        for one in self.snapshots:
            yield from one.contents.values()


def survey(path: str | os.PathLike[str], *, values: bool | None = None) -> Survey:
    """Read all headers of a directory or a file; no tensor, and nothing is run.

    `values` says whether later questions may read the tensors' own bytes; None means where all files
    of tensors together have at most 256 MB. Raises `UsageError` where nothing is at the path, and
    `NotChecked` where no checkpoint is.
    """
    place = Path(path)
    if not os.path.lexists(place):
        raise UsageError(f"no such file or directory: {place}")
    whole = place.is_dir()
    if not whole and not place.is_file():
        raise UsageError(f"{place} is neither a directory nor a file that can be read")
    if not whole and INDEX.match(place.name):
        raise UsageError(f"{place} is a shard index: give its directory, {place.parent}")
    found = tuple(snapshot(one, depth=bool(values)) for one in (folders(place) if whole else (alone(place),)))
    if not any(_is_checkpoint(one) for one in found):
        raise NotChecked(f"{place} holds no checkpoint: no safetensors, torch or numpy file, no index, no config.json")
    size = sum(contents.size for one in found for contents in one.contents.values())
    depth = size <= READ_UNASKED if values is None else values
    if depth != bool(values):
        found = tuple(_deeper(one) for one in found)
    return Survey(path=place, whole=whole, depth=depth, snapshots=found)


def _deeper(one: Snapshot) -> Snapshot:
    return Snapshot(folder=one.folder, contents=one.contents, json=one.json, unread=one.unread, depth=True)


def _is_checkpoint(one: Snapshot) -> bool:
    named = any(one.file(base) is not None for base in _MARKS) or any(INDEX.match(base) for base in one.json)
    data = any(file.suffix == ".distcp" for file in one.folder.files)
    return bool(one.contents) or named or data or any(name.endswith(".safetensors") for name, _ in one.folder.strange)
