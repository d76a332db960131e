"""Git LFS pointers: the small text that git holds in place of a large file."""

import re
from dataclasses import dataclass

LONGEST = 1024
_TEXT = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """The sha256 (hexadecimal) and the size in bytes of the file itself."""

    sha256: str
    size: int

    def text(self) -> bytes:
        """What git holds."""
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()


def pointer_of(data: bytes) -> Pointer | None:
    """The pointer that the bytes are, or None where they are a file of their own."""
    match = _TEXT.fullmatch(data) if len(data) <= LONGEST else None
    return Pointer(sha256=match[1].decode(), size=int(match[2])) if match else None
