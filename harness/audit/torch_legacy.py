"""Files of `torch.save` before version 1.6, and of `_use_new_zipfile_serialization=False`: pickles, then bare storages.

Four pickles (magic number, protocol, system, the object), a fifth with the keys of the storages, then for each of them
eight bytes of element count and its data. Source: `torch.serialization._legacy_save`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ..finding import Finding
from . import flaw
from .contents import Contents, Region
from .folder import File
from .pickles import verdict, walk_pickle
from .pickles.nodes import Mapping, Walk
from .torch_state import Storage, state_of
from .torch_zip import tensor_flaws
from .zip_archive import AGAIN

FORMAT = "torch legacy"
MAGIC = 0x1950A86A20F9469CFC6C


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where the storages are, by key; `problem` says what is wrong after the pickles."""

    regions: dict[str, Region]
    problem: str | None


def is_legacy(stream: BinaryIO, size: int) -> bool:
    """True where the first pickle is torch's magic number. Leaves the stream behind it."""
    return bool(walk_pickle(stream, min(size, 64)).root == MAGIC)


def read(file: File, stream: BinaryIO) -> Contents:
    """The tensors of a legacy file. The stream stands behind the magic number."""
    walks = [walk_pickle(stream, file.size) for _ in range(2)]
    main = walk_pickle(stream, file.size)
    keys = walk_pickle(stream, file.size) if main.problem is None else main
    waiting = state_of(main.root, lambda storage: None).storages
    layout = _layout(stream, keys, waiting, file.size)
    state = state_of(main.root, lambda storage: layout.regions.get(storage.key))
    findings = [
        *verdict(file, main),
        *(finding for walk in walks for finding in verdict(file, walk)),
        *(verdict(file, keys) if keys is not main else ()),
        *_told(file, layout, main),
        *_endian(file, walks[1].root),
        *tensor_flaws(file, state),
        *_note(file),
    ]
    return Contents(
        file=file.name,
        format=FORMAT,
        size=file.size,
        tensors=tuple(state.tensors),
        findings=tuple(findings),
        sound=layout.problem is None,
    )


def _layout(stream: BinaryIO, keys: Walk, storages: dict[str, Storage], size: int) -> _Layout:
    regions: dict[str, Region] = {}
    listed = keys.root if isinstance(keys.root, list) else None
    if listed is None or keys.problem is not None:
        return _Layout(regions=regions, problem="has no list of storages after its pickle")
    for key in map(str, listed):
        storage = storages.get(key)
        head = stream.read(8)
        if storage is None:
            return _Layout(regions=regions, problem=f"lists a storage {flaw.quoted(key)} that no tensor has")
        if len(head) < 8:
            return _Layout(regions=regions, problem=f"is cut off before storage {flaw.quoted(key)}")
        start, count = stream.tell(), int.from_bytes(head, "little")
        if count != storage.count:
            what = f"says that storage {flaw.quoted(key)} has {count} elements, and its pickle {storage.count}"
            return _Layout(regions=regions, problem=what)
        regions[key] = Region(start=start, size=storage.size)
        if regions[key].end > size:
            return _Layout(regions=regions, problem=f"is cut off in storage {flaw.quoted(key)}")
        stream.seek(regions[key].end)
    gone = [key for key in storages if key not in regions]
    if gone:
        return _Layout(regions=regions, problem=f"lacks the storages {flaw.some(gone)}")
    left = size - stream.tell()
    return _Layout(regions=regions, problem=f"has {left} bytes after its last storage" if left else None)


def _told(file: File, layout: _Layout, main: Walk) -> Iterator[Finding]:
    if layout.problem is not None and main.problem is None:
        code = "SD712" if "after its last" in layout.problem else "SD711"
        yield flaw.error(code, file.name, f"{flaw.quoted(file.name)} {layout.problem}", AGAIN)


def _endian(file: File, system: Any) -> Iterator[Finding]:
    little = system.get("little_endian") if isinstance(system, Mapping) else None
    if little is not True:
        what = f"{flaw.quoted(file.name)} does not say that it is little-endian"
        yield flaw.warning("SD734", file.name, what, "save it again on a little-endian machine")


def _note(file: File) -> Iterator[Finding]:
    what = f"{flaw.quoted(file.name)} is in torch's format of before version 1.6, without checksums"
    yield flaw.note("SD738", file.name, what, "save it again, as safetensors at best")
