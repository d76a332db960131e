"""A zip archive, read from its directory: entries, where their bytes are, and names that no archive should hold."""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..finding import Finding
from . import flaw
from .contents import Entry, Region
from .folder import File

AGAIN = "copy or download the file again, or save it again"
# What the zipfile module raises for bytes that are no archive.
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error,
          OverflowError, IndexError, zlib.error)  # fmt: skip
# Bytes from which an inflated entry is not inflated here.
BOMB = 1 << 30
_LOCAL = struct.Struct("<4s5H3I2H")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The directory of an archive. `infos` are zipfile's own records, `entries` ours, in the same order."""

    infos: tuple[zipfile.ZipInfo, ...]
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    sound: bool


def is_zip(head: bytes) -> bool:
    """True where a file starts as an archive does."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read(file: File, stream: BinaryIO) -> Archive:
    """The directory of an archive, and what is wrong with the names in it. Decompresses nothing."""
    try:
        with zipfile.ZipFile(stream) as opened:
            infos = tuple(opened.infolist())
        entries = tuple(_entries(infos, stream, file.size))
    except BROKEN as error:
        what = f"{flaw.quoted(file.name)} starts as a zip archive and has no readable directory: {error or 'cut off'}"
        refusal = flaw.error("SD730", file.name, f"{what}; it is cut off or overwritten", AGAIN)
        return Archive(infos=(), entries=(), findings=(refusal,), sound=False)
    findings = (*_names(file, [info.filename for info in infos]), *_bombs(file, infos))
    return Archive(infos=infos, entries=entries, findings=findings, sound=True)


def _entries(infos: tuple[zipfile.ZipInfo, ...], stream: BinaryIO, size: int) -> Iterator[Entry]:
    for info in infos:
        stream.seek(info.header_offset)
        fields = _LOCAL.unpack(stream.read(_LOCAL.size))
        start = info.header_offset + _LOCAL.size + fields[9] + fields[10]
        if fields[0] != b"PK\x03\x04" or start + info.compress_size > size:
            raise zipfile.BadZipFile(f"the directory points to bytes that are not {info.filename!r}")
        stored = info.compress_type == zipfile.ZIP_STORED
        if stored and info.compress_size != info.file_size:
            raise zipfile.BadZipFile(f"{info.filename!r} is stored, and has two sizes")
        yield Entry(name=info.filename, region=Region(start=start, size=info.compress_size), stored=stored)


def _names(file: File, names: list[str]) -> Iterator[Finding]:
    leaving = [name for name in names if leaves(name)]
    if leaving:
        what = f"{flaw.quoted(file.name)} holds entries that unpack outside of the folder: {flaw.some(leaving)}"
        yield flaw.error("SD732", file.name, what, "do not unpack it; ask its author for safetensors")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        what = f"{flaw.quoted(file.name)} holds several entries of one name, and readers differ in which they take"
        yield flaw.error("SD732", file.name, f"{what}: {flaw.some(twice)}", AGAIN)


def _bombs(file: File, infos: tuple[zipfile.ZipInfo, ...]) -> Iterator[Finding]:
    bombs = [info for info in infos if is_bomb(info)]
    if bombs:
        bomb = bombs[0]
        what = f"{flaw.quoted(file.name)} holds {flaw.quoted(bomb.filename)}, which inflates to {bomb.file_size} bytes"
        yield flaw.error("SD732", file.name, what, "do not unpack it")


def leaves(name: str) -> bool:
    """True for a name that, joined to a folder, is not inside of it: `../x`, `/x`, `C:x`, on any system."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name[:1] in ("/", "\\") or (len(name) > 1 and name[1] == ":") or "\0" in name


def peek(stream: BinaryIO, entry: Entry, limit: int) -> bytes:
    """The first bytes of an entry, inflated where it is deflated; nothing where it cannot be."""
    stream.seek(entry.region.start)
    data = stream.read(min(entry.region.size, limit))
    try:
        return data if entry.stored else zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, limit)
    except zlib.error:
        return b""


def damaged(archive: Archive, stream: BinaryIO) -> Iterator[str]:
    """The names of entries whose bytes are not those of their CRC32, read in pieces; deflated ones as well."""
    with zipfile.ZipFile(stream) as opened:
        for info in archive.infos:
            if is_bomb(info):
                continue
            try:
                with opened.open(info) as member:
                    while member.read(1 << 20):
                        pass
            except (*BROKEN, RuntimeError):
                yield info.filename


def is_bomb(info: zipfile.ZipInfo) -> bool:
    """True for an entry that inflates to more than a gigabyte, a hundred times what is stored."""
    return info.file_size > BOMB and info.file_size > 100 * info.compress_size
