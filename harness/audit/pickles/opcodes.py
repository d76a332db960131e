"""The opcodes of a pickle, one after another, without keeping what is long: `pickletools.genops` in bounded memory."""

import pickletools
from collections.abc import Iterator
from typing import BinaryIO

from .nodes import Opaque

# Longer bytes and texts are skipped; no name, key or number of a checkpoint is that long.
LONGEST_KEPT = 1 << 20
# 20 million opcodes are ten seconds; a pickle with more is data, and is told as not looked into.
MOST_OPCODES = 20_000_000

_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}


_OPCODES = {opcode.code.encode("latin-1"): opcode for opcode in pickletools.opcodes}


class PickleError(Exception):
    """The bytes are no pickle, or the pickle ends too early; the message says which."""


class Bounded:
    """A view on a stream that refuses to read past `end` or to hold a line of any length."""

    def __init__(self, stream: BinaryIO, end: int) -> None:
        self._stream, self._end = stream, end

    def tell(self) -> int:
        """The position in the stream."""
        return self._stream.tell()

    def left(self) -> int:
        """Bytes until the end."""
        return self._end - self._stream.tell()

    def read(self, size: int) -> bytes:
        """Exactly so many bytes, or `PickleError`."""
        if size > self.left():
            raise PickleError("ends early")
        return self._stream.read(size)

    def readline(self) -> bytes:
        """One line, or `PickleError` where none ends."""
        return self._stream.readline(min(self.left(), LONGEST_KEPT))

    def skip(self, size: int) -> None:
        """Pass over bytes without reading them."""
        if size > self.left():
            raise PickleError("ends early")
        self._stream.seek(size, 1)


def opcodes(stream: Bounded) -> Iterator[tuple[str, object]]:
    """The opcodes with their arguments, up to STOP. Raises `PickleError` for what no unpickler would take."""
    for _ in range(MOST_OPCODES):
        code = stream.read(1) if stream.left() else b""
        opcode = _OPCODES.get(code)
        if opcode is None:
            raise PickleError("ends early" if code == b"" else f"holds no opcode {code!r} (byte {stream.tell() - 1})")
        try:
            yield opcode.name, _argument(opcode, stream)
        except (ValueError, OverflowError, IndexError) as error:
            raise PickleError(f"has a broken {opcode.name}: {error}") from error
        if opcode.name == "STOP":
            return
    raise PickleError(f"has more than {MOST_OPCODES} opcodes")


def _argument(opcode: pickletools.OpcodeInfo, stream: Bounded) -> object:
    if opcode.arg is None:
        return None
    width = _LENGTHS.get(opcode.arg.n)
    if width is None:
        return opcode.arg.reader(stream)  # type: ignore[arg-type]
    size = int.from_bytes(stream.read(width), "little", signed=opcode.arg.n == pickletools.TAKEN_FROM_ARGUMENT4)
    if size < 0:
        raise PickleError(f"has a negative length in {opcode.name}")
    if size > LONGEST_KEPT:
        stream.skip(size)
        return Opaque(size)
    return _decoded(opcode.arg.name, stream.read(size))


def _decoded(kind: str, data: bytes) -> object:
    if kind.startswith("long"):
        return int.from_bytes(data, "little", signed=True)
    if "unicode" in kind:
        return data.decode("utf-8", "surrogatepass")
    return data.decode("latin-1") if kind.startswith("string") else data
