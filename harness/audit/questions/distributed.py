"""Is a checkpoint of torch.distributed.checkpoint whole? Its `.metadata` is a pickle: walked, never loaded."""

from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..folder import File
from ..pickles import verdict, walk_pickle
from ..pickles.nodes import Call, Mapping, pairs_of
from ..snapshot import Snapshot
from ..zip_archive import leaves

_HINT = "copy every file of the folder, or save the checkpoint again"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The files that `.metadata` refers to, and data files without it."""
    metadata = snapshot.file(".metadata")
    data = [file for file in snapshot.folder.files if file.suffix == ".distcp"]
    if metadata is None:
        if data:
            name = snapshot.folder.inside(".metadata")
            what = (
                f"{flaw.quoted(name)} is missing beside {flaw.some(file.base for file in data)}: the save did not end"
            )
            yield flaw.error("SD752", name, what, _HINT)
        return
    if metadata.size == 0:
        return
    with metadata.path.open("rb") as stream:
        walk = walk_pickle(stream, metadata.size)
    for finding in verdict(metadata, walk):
        if finding.code != "SD738":  # the names of the format itself
            yield finding
    wanted = _extents(walk.root)
    yield from _against_files(snapshot, metadata, wanted)
    idle = [file.name for file in data if file.base not in wanted]
    if idle and walk.problem is None:
        what = f"{flaw.some(idle)}: {flaw.quoted(metadata.name)} refers to nothing in them"
        yield flaw.warning("SD752", idle[0], what, "delete them: they are left from another save")


def _against_files(snapshot: Snapshot, metadata: File, wanted: dict[str, tuple[int, str]]) -> Iterator[Finding]:
    who = flaw.quoted(metadata.name)
    for base, (end, key) in wanted.items():
        name = snapshot.folder.inside(base)
        file = snapshot.file(base)
        if leaves(base):
            what = f"{who} refers to {flaw.quoted(base)}, outside of the folder, for {flaw.quoted(key)}"
            yield flaw.error("SD705", metadata.name, what, "do not load it")
        elif file is None:
            if not (snapshot.folder.path / base).is_file():
                what = f"{flaw.quoted(name)} is missing, to which {who} refers for {flaw.quoted(key)}"
                yield flaw.error("SD752", name, what, _HINT)
        elif file.size < end:
            what = f"{flaw.quoted(name)} has {file.size} bytes of {end}: cut off in {flaw.quoted(key)}"
            yield flaw.error("SD711", name, what, _HINT)


def _extents(root: Any) -> dict[str, tuple[int, str]]:
    """How far into each file the metadata refers, and for which key last."""
    ends: dict[str, tuple[int, str]] = {}
    state = root.state if isinstance(root, Call) else None
    data = state.get("storage_data") if isinstance(state, Mapping) else None
    for index, info in pairs_of(data) or ():
        told = info.state if isinstance(info, Call) else None
        if not isinstance(told, Mapping):
            continue
        path, offset, length = (told.get(word) for word in ("relative_path", "offset", "length"))
        if isinstance(path, str) and type(offset) is int and type(length) is int:
            ends[path] = max(ends.get(path, (0, "")), (offset + length, _key(index)))
    return ends


def _key(index: Any) -> str:
    told = index.state if isinstance(index, Call) else None
    return str(told.get("fqn")) if isinstance(told, Mapping) else "?"
