"""Files that are neither safetensors nor torch's, and that bring code or pickles along: numpy, Keras, HDF5, joblib."""

import re
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

from ..finding import Finding
from . import flaw, zip_archive
from .contents import Entry
from .folder import File
from .pickles import verdict, walk_pickle
from .zip_archive import AGAIN, Archive

_PLAIN = "ask its author for safetensors"
_OBJECTS = re.compile(rb"'descr':[^}]*\|O")
_LAMBDA = re.compile(rb'"(?:class_name|cls)":\s*"(?:Lambda|TFOpLambda|__lambda__)"')
LONGEST_UNPACKED = 64 << 20
_CODE = {".so", ".dll", ".dylib", ".pyd", ".pyc", ".exe", ".sh", ".bat", ".ps1"}


def of_archive(file: File, archive: Archive, stream: BinaryIO) -> Iterator[Finding]:
    """An archive that is not torch's: arrays of numpy, a model of Keras, or anything."""
    yield from archive.findings
    for entry in archive.entries:
        if entry.name.endswith(".npy"):
            yield from _array(file, zip_archive.peek(stream, entry, 4096), entry.name)
        elif entry.name.endswith(".json") and _LAMBDA.search(zip_archive.peek(stream, entry, LONGEST_UNPACKED)):
            yield _lambda(file)
    yield from pickles(file, archive.entries, stream)


def pickles(file: File, entries: Sequence[Entry], stream: BinaryIO) -> Iterator[Finding]:
    """Every pickle among the entries of an archive."""
    for entry in entries:
        if not entry.name.lower().endswith((".pkl", ".pickle")):
            continue
        if entry.stored:
            stream.seek(entry.region.start)
            walk = walk_pickle(stream, entry.region.end)
        else:
            unpacked = zip_archive.peek(stream, entry, LONGEST_UNPACKED)
            walk = walk_pickle(BytesIO(unpacked), len(unpacked))
        yield from verdict(file, walk, entry.name)


def of_array(file: File, head: bytes) -> Iterator[Finding]:
    """A `.npy` file, by its first bytes."""
    return _array(file, head, "")


def of_pickle(file: File, stream: BinaryIO) -> Iterator[Finding]:
    """A pickle that is not torch's, and all that follow it in the file."""
    stream.seek(0)
    while stream.tell() < file.size:
        walk = walk_pickle(stream, file.size)
        yield from verdict(file, walk)
        if walk.problem is not None:
            return


def of_hdf5(file: File, stream: BinaryIO) -> Iterator[Finding]:
    """A Keras model in HDF5: a Lambda layer is Python bytecode that loading runs. Reads the file in pieces."""
    stream.seek(0)
    last = b""
    while piece := stream.read(1 << 20):
        if _LAMBDA.search(last + piece):
            yield _lambda(file)
            return
        last = piece[-64:]


def of_compressed(file: File, stream: BinaryIO) -> Iterator[Finding]:
    """A pickle in a zlib stream, as joblib writes it: unpacked up to a limit, and walked."""
    stream.seek(0)
    try:
        unpacked = zlib.decompressobj(47).decompress(stream.read(LONGEST_UNPACKED), LONGEST_UNPACKED)
    except zlib.error as error:
        what = f"{flaw.quoted(file.name)} starts as a zlib stream and is none: {error}"
        yield flaw.error("SD737", file.name, what, AGAIN)
        return
    yield from verdict(file, walk_pickle(BytesIO(unpacked), len(unpacked)))


def of_code(file: File) -> Iterator[Finding]:
    """Programs beside the weights."""
    if file.suffix in _CODE:
        what = f"{flaw.quoted(file.name)} is a program beside the weights"
        yield flaw.warning("SD754", file.name, what, "do not run it; delete it unless you know what it is for")


def _array(file: File, head: bytes, entry: str) -> Iterator[Finding]:
    if head.startswith(b"\x93NUMPY") and _OBJECTS.search(head):
        inside = f" in {flaw.quoted(entry)}" if entry else ""
        what = f"{flaw.quoted(file.name)} holds an array of Python objects{inside}, which is a pickle"
        yield flaw.error("SD735", file.name, what, f"never load it with `allow_pickle=True`; {_PLAIN}")


def _lambda(file: File) -> Finding:
    what = f"{flaw.quoted(file.name)} holds a Keras `Lambda` layer, which is Python bytecode that loading it runs"
    return flaw.error("SD736", file.name, what, _PLAIN)
