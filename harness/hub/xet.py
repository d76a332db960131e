"""What the xet side has: xorbs, and how files are put together from them."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from .contents import Contents
from .refusals import Refusal, bad
from .shard import Recipe, Segment, recipes
from .writing import written
from .xet_hash import checked
from .xorb import Chunk, chunks, plain


class Xet:
    """Xorbs and recipes on disk; whole files go to the contents, so that a client without xet can have them."""

    def __init__(self, folder: Path, contents: Contents) -> None:
        self._xorbs, self._files, self._digests = folder / "xorbs", folder / "files", folder / "digests"
        for one in (self._xorbs, self._files, self._digests):
            one.mkdir(parents=True, exist_ok=True)
        self._contents = contents
        self.chunks = lru_cache(maxsize=1024)(self._read_chunks)

    def xorb(self, name: str) -> Path:
        """Where a xorb is, or would be."""
        return self._xorbs / checked(name)

    def add_xorb(self, name: str, data: bytes) -> bool:
        """Keep a xorb; False where it was there."""
        chunks(data)
        target = self.xorb(name)
        if target.exists():
            return False
        beside = target.with_name(f".{secrets.token_hex(8)}")
        beside.write_bytes(data)
        os.replace(beside, target)
        return True

    def add_shard(self, data: bytes) -> None:
        """Put the files of a shard together; refused where a xorb is missing or a file is not of its sha256."""
        for recipe in recipes(data):
            sha256 = self._contents.gather(self._blocks(recipe), recipe.sha256)
            segments = [asdict(segment) for segment in recipe.segments]
            written(self._files / f"{checked(recipe.file)}.json", json.dumps(segments))
            written(self._digests / sha256, recipe.file)

    def file_of(self, sha256: str) -> str | None:
        """The xet hash of the file of that sha256, or None where it came another way."""
        file = self._digests / sha256
        return file.read_text() if file.exists() else None

    def forget(self, sha256: str) -> None:
        """Let nobody have that file any more.

        Its xorbs stay: other files share their chunks, and a client that remembers them does not send them again.
        """
        if file := self.file_of(sha256):
            (self._files / f"{checked(file)}.json").unlink()
            (self._digests / sha256).unlink()

    def segments(self, file: str) -> list[Segment]:
        """What a file is made of."""
        found = self._files / f"{checked(file)}.json"
        if not found.exists():
            raise Refusal(404, f"no file of xet hash {file}")
        return [Segment(**one) for one in json.loads(found.read_text())]

    def _blocks(self, recipe: Recipe) -> Iterator[bytes]:
        for segment in recipe.segments:
            if not self.xorb(segment.xorb).exists():
                raise bad(f"xorb {segment.xorb} was not uploaded to this store; a client's cache may remember another")
            found = self.chunks(segment.xorb)[segment.start : segment.end]
            if len(found) != segment.end - segment.start or sum(chunk.plain for chunk in found) != segment.size:
                raise bad(f"xorb {segment.xorb} has no chunks {segment.start} to {segment.end} of {segment.size} bytes")
            yield from plain(self.xorb(segment.xorb).read_bytes(), found)

    def _read_chunks(self, name: str) -> tuple[Chunk, ...]:
        return chunks(self.xorb(name).read_bytes())


def reconstruction(xet: Xet, file: str, span: tuple[int, int], address: Callable[[str], str]) -> dict[str, Any]:
    """How to make a range of a file: terms, and where their xorbs' bytes are.

    `span` is the first byte and the one after the last. Terms are trimmed to whole chunks; `address(xorb)` is a URL.
    """
    terms: list[dict[str, Any]] = []
    places: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    skipped, at = 0, 0
    for segment in xet.segments(file):
        begin, at = at, at + segment.size
        if at <= span[0] or begin >= span[1]:
            continue
        first, last, offset = _trimmed(xet, segment, span[0] - begin, span[1] - begin)
        if not terms:
            skipped = max(span[0] - begin - offset, 0)
        wanted = xet.chunks(segment.xorb)[first:last]
        chosen = {"start": first, "end": last}
        terms.append({"hash": segment.xorb, "unpacked_length": sum(one.plain for one in wanted), "range": chosen})
        place = {"start": wanted[0].start, "end": wanted[-1].end - 1}
        found = {"range": chosen, "url": address(segment.xorb), "url_range": place}
        places.setdefault(segment.xorb, {})[first, last] = found
    fetch = {xorb: list(ranges.values()) for xorb, ranges in places.items()}
    return {"offset_into_first_range": skipped, "terms": terms, "fetch_info": fetch}


def _trimmed(xet: Xet, segment: Segment, start: int, end: int) -> tuple[int, int, int]:
    """The first chunk, the one after the last, and where the first begins in the segment, in bytes."""
    first, last, offset, at = segment.start, segment.end, 0, 0
    for number in range(segment.start, segment.end):
        size = xet.chunks(segment.xorb)[number].plain
        if at + size <= start:
            first, offset = number + 1, at + size
        if at >= end:
            last = min(last, number)
        at += size
    return first, last, offset
