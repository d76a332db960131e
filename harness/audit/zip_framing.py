"""What lies around the entries of torch's archives, which nothing that reads them compares: every byte of it is known.

`torch.save` writes the same fields in the header before an entry, in the record after it and in the directory, and pads
with `Z`. A difference means that a bit flipped or that somebody patched the file.
"""

import struct
import zipfile
from collections.abc import Generator, Iterator
from typing import BinaryIO

from .zip_archive import Archive

_LOCAL = struct.Struct("<4s5H3I2H")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")
_TAIL = _END64.size + _LOCATOR.size + _END.size
# Bytes of a directory's record before its name.
_RECORD = 46
_DESCRIBED = 0x08
_MAX = 0xFFFFFFFF


def contradictions(archive: Archive, stream: BinaryIO, size: int) -> Iterator[str]:
    """In words, every place where the framing of an archive of torch contradicts itself."""
    infos = sorted(archive.infos, key=lambda info: info.header_offset)
    at = 0
    for info in infos:
        name = f"`{info.filename}`"
        if info.header_offset != at:
            whose = "two entries" if info.header_offset < at else "no entry"
            yield f"{abs(info.header_offset - at)} bytes before {name} belong to {whose}"
        start = yield from _before(info, stream)
        at = yield from _after(info, stream, start + info.compress_size)
    yield from _directory(infos)
    yield from _lengths(len(infos), stream, at, size)
    yield from _end(len(infos), stream, at, size)


def _before(info: zipfile.ZipInfo, stream: BinaryIO) -> Generator[str, None, int]:
    """The header before an entry; returns where the entry starts."""
    stream.seek(info.header_offset)
    fields = _LOCAL.unpack(stream.read(_LOCAL.size))
    _, version, flags, method, time, date, crc, packed, full, name_size, extra_size = fields
    name, extra = stream.read(name_size), stream.read(extra_size)
    year, month, day, hour, minute, second = info.date_time
    told = (info.extract_version, info.flag_bits, info.compress_type)
    moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    described = info.flag_bits & _DESCRIBED
    sizes = {(info.CRC, info.compress_size, info.file_size), (0, 0, 0) if described else (info.CRC, _MAX, _MAX)}
    same = (version, flags, method) == told and (time, date) == moment and (crc, packed, full) in sizes
    if not same or name.decode("utf-8", "replace") != info.orig_filename:
        yield f"the header before `{info.filename}` is not that of the directory"
    if extra[:2] == b"FB" and (int.from_bytes(extra[2:4], "little") != extra_size - 4 or extra[4:].strip(b"Z")):
        yield f"the padding before `{info.filename}` is not torch's"
    elif extra and extra[:2] not in (b"FB", b"\1\0"):
        yield f"the header before `{info.filename}` has a field that torch does not write"
    return int(info.header_offset + _LOCAL.size + name_size + extra_size)


def _after(info: zipfile.ZipInfo, stream: BinaryIO, at: int) -> Generator[str, None, int]:
    """The record after an entry; returns where it ends."""
    if not info.flag_bits & _DESCRIBED:
        return at
    stream.seek(at)
    found = stream.read(24)
    for form in (f"<4sI{'QQ'}", "<4sIII"):
        record = struct.pack(form, b"PK\x07\x08", info.CRC, *_fit(form, info))
        if found.startswith(record):
            return at + len(record)
    yield f"the record after `{info.filename}` is not that of the directory"
    return at + (24 if info.file_size > _MAX else 16)


def _fit(form: str, info: zipfile.ZipInfo) -> tuple[int, int]:
    sizes = info.compress_size, info.file_size
    return sizes if form.endswith("QQ") else (min(sizes[0], _MAX), min(sizes[1], _MAX))


def _directory(infos: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Fields of the directory that are the same for every entry, and that nothing else repeats."""
    for info in infos:
        odd = (
            info.create_version,
            info.create_system,
            info.reserved,
            info.external_attr,
            info.internal_attr,
            info.volume,
        )
        if any(odd) or info.comment or info.flag_bits not in (0, 0x800, 0x808) or info.date_time[1:3] != (0, 0):
            yield f"the directory says of `{info.filename}` what torch does not write"


def _lengths(count: int, stream: BinaryIO, at: int, size: int) -> Iterator[str]:
    """The records of the directory, one after another, must end where the records of the end start."""
    for _ in range(count):
        stream.seek(at)
        record = stream.read(_RECORD)
        at += _RECORD + sum(int.from_bytes(record[place : place + 2], "little") for place in (28, 30, 32))
    if at != size - _TAIL:
        yield "the lengths in the directory do not fit"


def _end(count: int, stream: BinaryIO, at: int, size: int) -> Iterator[str]:
    """The end of the archive, which is known once the directory is: torch writes the 64-bit records always."""
    stream.seek(max(size - _TAIL, 0))
    found, length = stream.read(_TAIL), size - _TAIL - at
    if length < 0 or found != b"".join(
        (
            _END64.pack(b"PK\x06\x06", 44, 0x031E, 45, 0, 0, count, count, length, at),
            _LOCATOR.pack(b"PK\x06\x07", 0, at + length, 1),
            _END.pack(b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), min(length, _MAX), min(at, _MAX), 0),
        )
    ):
        yield "the records at the end do not fit the directory"
