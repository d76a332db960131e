"""A file of `torch.save`: a zip archive with a pickle and one entry for each storage."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from ..finding import Finding
from . import flaw, shipped, zip_archive, zip_framing
from .contents import Contents, Entry, Region
from .folder import File
from .pickles import verdict, walk_pickle
from .pickles.nodes import Walk
from .torch_state import State, Storage, state_of
from .zip_archive import AGAIN, Archive

FORMAT = "torch zip"
# Only archives with this entry: earlier versions of torch framed them in other ways.
_FRAMED = ".format_version"
_ACCELERATOR = ("cuda", "mps", "xpu", "hpu", "npu")


def read(file: File, archive: Archive, stream: BinaryIO) -> Contents | None:
    """The tensors of a torch archive; None where the archive holds no `data.pkl` and is something else."""
    # Without regard to case, like torch's own reader.
    main = next((entry for entry in archive.entries if entry.name.lower().endswith("/data.pkl")), None)
    if main is None:
        return None
    prefix = main.name.rpartition("/")[0]
    home = {entry.name: entry for entry in archive.entries}
    walk, left = _walked(stream, main)

    def place(storage: Storage) -> Region | None:
        entry = home.get(f"{prefix}/data/{storage.key}")
        return entry.region if entry is not None and entry.stored and entry.region.size == storage.size else None

    state = state_of(walk.root, place)
    findings = [
        *archive.findings,
        *verdict(file, walk, main.name),
        *_trailing(file, left, main),
        *shipped.pickles(file, [entry for entry in archive.entries if entry is not main], stream),
        *_storages(file, state, home, prefix),
        *tensor_flaws(file, state),
        *_byteorder(file, home.get(f"{prefix}/byteorder"), stream),
        *_framing(file, archive, stream),
        *_script(file, home, prefix),
    ]
    return Contents(
        file=file.name,
        format=FORMAT,
        size=file.size,
        tensors=tuple(state.tensors),
        entries=archive.entries,
        findings=tuple(findings),
        sound=walk.problem is None,
    )


def tensor_flaws(file: File, state: State) -> Iterator[Finding]:
    """What is wrong with the tensors that a pickle describes, whatever file it is in."""
    if state.beyond:
        yield flaw.error("SD714", file.name, flaw.first_of(file.name, state.beyond), AGAIN)
    if state.strange:
        yield flaw.error("SD714", file.name, flaw.first_of(file.name, state.strange), AGAIN)
    if state.dataless:
        what = f"{flaw.quoted(file.name)} holds no data for {flaw.some(state.dataless)}: saved on the meta device"
        yield flaw.error("SD753", file.name, what, "load or initialise the model before it is saved")
    tagged = sorted({one.location for one in state.storages.values() if one.location.startswith(_ACCELERATOR)})
    if tagged:
        what = f"{flaw.quoted(file.name)} was saved from {flaw.some(tagged)}, where `torch.load` puts its tensors again"
        yield flaw.note("SD739", file.name, what, "load it with `torch.load(..., map_location='cpu')`")


def _walked(stream: BinaryIO, main: Entry) -> tuple[Walk, int]:
    """The pickle of an entry, walked, and how many bytes follow it."""
    if main.stored:
        stream.seek(main.region.start)
        walk = walk_pickle(stream, main.region.end)
        return walk, main.region.end - walk.end
    unpacked = zip_archive.peek(stream, main, shipped.LONGEST_UNPACKED)
    walk = walk_pickle(BytesIO(unpacked), len(unpacked))
    return walk, len(unpacked) - walk.end


def _trailing(file: File, left: int, main: Entry) -> Iterator[Finding]:
    if left:
        what = f"{left} bytes follow the pickle in {flaw.quoted(main.name)} of {flaw.quoted(file.name)}"
        yield flaw.error("SD737", file.name, what, AGAIN)


def _storages(file: File, state: State, home: dict[str, Entry], prefix: str) -> Iterator[Finding]:
    who, folder = flaw.quoted(file.name), f"{prefix}/data/"
    gone, short = [], []
    for storage in state.storages.values():
        entry = home.get(folder + storage.key)
        if entry is None:
            gone.append(folder + storage.key)
        elif entry.stored and entry.region.size != storage.size:
            short.append((entry.name, f"has {entry.region.size} bytes, and the pickle says {storage.size}"))
    if gone:
        what = f"{who} lacks {flaw.some(gone)}, which its pickle refers to"
        yield flaw.error("SD733", file.name, what, AGAIN)
    if short:
        yield flaw.error("SD733", file.name, flaw.first_of(file.name, short), AGAIN)
    idle = [name for name in home if name.startswith(folder) and name[len(folder) :] not in state.storages]
    if idle:
        what = f"{who} holds {flaw.some(idle)}, which its pickle does not refer to"
        yield flaw.warning("SD733", file.name, what, "save it again: whatever that is, it is never loaded")


def _byteorder(file: File, entry: Entry | None, stream: BinaryIO) -> Iterator[Finding]:
    if entry is None:
        return
    told = zip_archive.peek(stream, entry, 16)
    if told != b"little":
        what = f"{flaw.quoted(file.name)} says that its byte order is {flaw.quoted(told.decode('latin-1'))}"
        report = flaw.warning if told == b"big" else flaw.error
        yield report("SD734", file.name, f"{what}, not `little`", "save it again on a little-endian machine")


def _framing(file: File, archive: Archive, stream: BinaryIO) -> Iterator[Finding]:
    if not any(info.filename.rpartition("/")[2] == _FRAMED for info in archive.infos):
        return
    found = list(zip_framing.contradictions(archive, stream, file.size))
    if found:
        more = f" (and {len(found) - 1} more such places)" if len(found) > 1 else ""
        what = f"{flaw.quoted(file.name)} is not as `torch.save` wrote it: {found[0]}{more}"
        yield flaw.error("SD730", file.name, what, AGAIN)


def _script(file: File, home: dict[str, Entry], prefix: str) -> Iterator[Finding]:
    code = [name for name in home if name.startswith(f"{prefix}/code/")]
    if code:
        what = f"{flaw.quoted(file.name)} is TorchScript: `torch.jit.load` runs the code in {flaw.some(code)}"
        yield flaw.warning("SD736", file.name, what, "ask its author for safetensors and the model's source")
