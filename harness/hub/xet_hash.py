"""How xet writes its 32-byte hashes as text: four little-endian numbers of 64 bits, sixteen hexadecimal digits each."""

import re
import struct

from .refusals import bad

_TEXT = re.compile(r"[0-9a-f]{64}")


def hash_text(raw: bytes) -> str:
    """32 bytes -> 64 digits."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", raw))


def checked(text: str) -> str:
    """The text, where it is a hash; it also becomes a file's name."""
    if not _TEXT.fullmatch(text):
        raise bad(f"{text!r} is not a hash")
    return text
