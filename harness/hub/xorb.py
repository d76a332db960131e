"""Xorbs: chunks of files, each with a header of 8 bytes, compressed or not, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import lz4.frame

from .refusals import bad

_HEADER = 8
_PLAIN, _LZ4, _GROUPED = 0, 1, 2
_LARGEST_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Where a chunk is in its xorb, header included, and how long it is in the file. All in bytes."""

    start: int
    end: int
    scheme: int
    plain: int


def chunks(xorb: bytes) -> tuple[Chunk, ...]:
    """The chunks of a xorb; a footer, which begins with another byte than a chunk's version, ends them."""
    found: list[Chunk] = []
    at = 0
    while at < len(xorb) and xorb[at] == 0:
        stored = int.from_bytes(xorb[at + 1 : at + 4], "little")
        plain = int.from_bytes(xorb[at + 5 : at + _HEADER], "little")
        end = at + _HEADER + stored
        if end > len(xorb) or plain > _LARGEST_CHUNK or not plain:
            raise bad(f"chunk {len(found)} of the xorb is cut off or too large")
        found.append(Chunk(start=at, end=end, scheme=xorb[at + 4], plain=plain))
        at = end
    if not found:
        raise bad("a xorb without chunks")
    return tuple(found)


def plain(xorb: bytes, wanted: tuple[Chunk, ...]) -> Iterator[bytes]:
    """The chunks' bytes as they are in the file."""
    for chunk in wanted:
        data = xorb[chunk.start + _HEADER : chunk.end]
        if chunk.scheme in (_LZ4, _GROUPED):
            try:
                data = lz4.frame.decompress(data)
            except RuntimeError as error:
                raise bad(f"a chunk does not decompress: {error}") from None
        elif chunk.scheme != _PLAIN:
            raise bad(f"compression scheme {chunk.scheme} is unknown")
        if len(data) != chunk.plain:
            raise bad(f"a chunk has {len(data)} bytes where its header says {chunk.plain}")
        yield ungrouped(data) if chunk.scheme == _GROUPED else data


def ungrouped(data: bytes) -> bytes:
    """Undo the grouping by position in a word of four bytes: all first bytes, then all second bytes, ..."""
    whole, at = bytearray(len(data)), 0
    for position in range(4):
        count = len(range(position, len(data), 4))
        whole[position::4] = data[at : at + count]
        at += count
    return bytes(whole)
