"""Large files by their sha256, hashed while they arrive; a file is there whole or not at all."""

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .refusals import bad

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20


class Contents:
    """The folder of all large files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arriving = folder / "arriving"
        self._arriving.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file of that digest is, or would be."""
        if not _SHA256.fullmatch(sha256):
            raise bad(f"{sha256!r} is not a sha256")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def size(self, sha256: str) -> int | None:
        """Its size in bytes, or None where it is not here."""
        file = self.path(sha256)
        return file.stat().st_size if file.exists() else None

    def remove(self, sha256: str) -> None:
        """Forget a file."""
        self.path(sha256).unlink(missing_ok=True)

    async def receive(self, body: AsyncIterator[bytes], sha256: str, size: int) -> None:
        """Take a file from the wire; refused and forgotten unless it is of that digest and size."""
        with self._file() as (file, opened):
            digest = hashlib.sha256()
            async for block in body:
                digest.update(block)
                opened.write(block)
            self._keep(file, opened, digest.hexdigest(), (sha256, size))

    async def receive_part(self, body: AsyncIterator[bytes], upload: str, number: int) -> str:
        """Take one part of a file; returns its ETag, the MD5 of the part, as object stores do."""
        digest = hashlib.md5(usedforsecurity=False)
        with self._file() as (file, opened):
            async for block in body:
                digest.update(block)
                opened.write(block)
            opened.close()
            target = self._part(upload, number)
            target.parent.mkdir(exist_ok=True)
            os.replace(file, target)
        return digest.hexdigest()

    def join(self, upload: str, count: int, sha256: str, size: int) -> None:
        """Make one file of the parts of an upload; refused unless all are there and it is of that digest and size."""
        parts = [self._part(upload, number) for number in range(1, count + 1)]
        if missing := [part.name for part in parts if not part.exists()]:
            raise bad(f"parts {', '.join(missing)} of {count} were not uploaded")
        self.gather(_blocks(parts), sha256, size)
        shutil.rmtree(parts[0].parent)

    def gather(self, blocks: Iterable[bytes], sha256: str | None = None, size: int | None = None) -> str:
        """Keep a file that is made here, of that digest and size where they are given; returns its sha256."""
        with self._file() as (file, opened):
            digest = hashlib.sha256()
            for block in blocks:
                digest.update(block)
                opened.write(block)
            found = digest.hexdigest()
            self._keep(file, opened, found, (sha256 or found, opened.tell() if size is None else size))
        return found

    def _keep(self, file: Path, opened: BinaryIO, found: str, expected: tuple[str, int]) -> None:
        size = opened.tell()
        opened.close()
        if (found, size) != expected:
            raise bad(f"{size} bytes of sha256 {found} arrived where {expected[1]} of {expected[0]} were announced")
        target = self.path(found)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)

    @contextmanager
    def _file(self) -> Iterator[tuple[Path, BinaryIO]]:
        file = self._arriving / secrets.token_hex(16)
        try:
            with file.open("wb") as opened:
                yield file, opened
        finally:
            file.unlink(missing_ok=True)

    def _part(self, upload: str, number: int) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", upload):
            raise bad("no such upload")
        return self._arriving / f"parts-{upload}" / str(number)


def _blocks(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(_BLOCK):
                yield block
