"""SHA-256 of regions of a file, in pieces: never a whole tensor in memory."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from .contents import Region

_PIECE = 1 << 20


def of_region(stream: BinaryIO, region: Region) -> str:
    """The digest of a region, in hexadecimal."""
    digest = hashlib.sha256()
    _feed(stream, region, digest)
    return digest.hexdigest()


def of_regions(path: Path, regions: Iterable[Region]) -> dict[Region, str]:
    """The digest of each region, each read once, in the order of the file."""
    with path.open("rb") as stream:
        return {region: of_region(stream, region) for region in sorted(set(regions), key=lambda one: one.start)}


def of_rest(path: Path, regions: Iterable[Region], size: int) -> str:
    """The digest of all bytes of a file that are in none of the regions, in order: headers, names, padding."""
    digest, at = hashlib.sha256(), 0
    with path.open("rb") as stream:
        for region in [*sorted(set(regions), key=lambda one: one.start), Region(start=size, size=0)]:
            if region.start > at:
                _feed(stream, Region(start=at, size=region.start - at), digest)
            at = max(at, region.end)
    return digest.hexdigest()


def _feed(stream: BinaryIO, region: Region, digest: "hashlib._Hash") -> None:
    stream.seek(region.start)
    left = region.size
    while left > 0 and (piece := stream.read(min(left, _PIECE))):
        digest.update(piece)
        left -= len(piece)
