"""Shards: which pieces of which xorbs make up which file, in records of 48 bytes."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .refusals import bad
from .xet_hash import hash_text

_MAGIC = b"HFRepoMetaData"
_RECORD = 48
_END = b"\xff" * 32
_HAS_VERIFICATION, _HAS_DIGEST = 1 << 31, 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Chunks `start` to `end` (exclusive) of a xorb, `size` bytes of the file."""

    xorb: str
    size: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A file: its xet hash, its segments in order, and its sha256 where the client has said it."""

    file: str
    segments: tuple[Segment, ...]
    sha256: str | None


def recipes(shard: bytes) -> list[Recipe]:
    """The files that a shard describes."""
    if not shard.startswith(_MAGIC):
        raise bad("not a shard: it does not begin as one")
    records = _records(shard)
    found: list[Recipe] = []
    for record in records:
        if record[:32] == _END:
            return found
        found.append(_recipe(record, records))
    raise bad("the shard is cut off")


def _recipe(head: bytes, records: Iterator[bytes]) -> Recipe:
    flags, count = struct.unpack_from("<II", head, 32)
    try:
        segments = [_segment(next(records)) for _ in range(count)]
        if flags & _HAS_VERIFICATION:
            for _ in range(count):
                next(records)
        digest = hash_text(next(records)[:32]) if flags & _HAS_DIGEST else None
    except StopIteration:
        raise bad("the shard is cut off") from None
    return Recipe(file=hash_text(head[:32]), segments=tuple(segments), sha256=digest)


def _segment(record: bytes) -> Segment:
    _, size, start, end = struct.unpack_from("<IIII", record, 32)
    return Segment(xorb=hash_text(record[:32]), size=size, start=start, end=end)


def _records(shard: bytes) -> Iterator[bytes]:
    for at in range(_RECORD, len(shard) - _RECORD + 1, _RECORD):
        yield shard[at : at + _RECORD]
