"""Are the tensors' own bytes sound? Checksums, and values that are no numbers. Reads the data, in pieces."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...finding import Finding
from .. import flaw, zip_archive
from ..contents import Contents, Tensor
from ..dtypes import is_floating
from ..folder import File
from ..snapshot import Snapshot

if TYPE_CHECKING:
    import numpy

_PIECE = 1 << 20
_LEAST_ZEROS = 4096
_AGAIN = "copy or download the file again, or save it again"
# Where an infinity is never meant. Elsewhere it is a mask, a bound or an observer's first value.
_WEIGHTS = re.compile(r"(^|\.)(weight|bias|weight_\w+|bias_\w+|lora_[AB]|kernel|gamma|beta)(\.|$)|running_(mean|var)$")
# The bits of an exponent that is all ones, and those of a mantissa: NaN is both, infinity the first alone.
_BITS = {"F16": ("<u2", 0x7C00, 0x03FF), "BF16": ("<u2", 0x7F80, 0x007F), "F32": ("<u4", 0x7F800000, 0x007FFFFF),
         "F64": ("<u8", 0x7FF0000000000000, 0x000FFFFFFFFFFFFF), "F8_E5M2": ("u1", 0x7C, 0x03)}  # fmt: skip
# Formats without infinity: the patterns that are NaN, the sign left out or kept.
_NAN_ONLY = {"F8_E4M3": (0x7F, 0x7F), "F8_E8M0": (0xFF, 0xFF), "F8_E4M3FNUZ": (0xFF, 0x80), "F8_E5M2FNUZ": (0xFF, 0x80)}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Checksums and values of every file of the folder; nothing where data must not be read."""
    if not snapshot.depth:
        return
    for base, contents in snapshot.contents.items():
        file = snapshot.file(base)
        if file is not None and contents.format != "pointer":
            yield from _checksums(file, contents)
            yield from _values(file, contents)
            yield from _zeros(file, contents)


def _checksums(file: File, contents: Contents) -> Iterator[Finding]:
    if not contents.entries:
        return
    with file.path.open("rb") as stream:
        archive = zip_archive.read(file, stream)
        bad = list(zip_archive.damaged(archive, stream))
    if bad:
        broken = [entry.region for entry in contents.entries if entry.name in bad]
        held = [
            tensor.name
            for tensor in contents.tensors
            if tensor.region and any(region.start <= tensor.region.start < region.end for region in broken)
        ]
        of = f", which is {flaw.some(dict.fromkeys(held))}" if held else ""
        what = f"{flaw.quoted(file.name)}: the bytes of {flaw.some(bad)} are not those of their checksum{of}"
        yield flaw.error("SD731", file.name, f"{what}; torch.load does not look", _AGAIN)


def _values(file: File, contents: Contents) -> Iterator[Finding]:
    grave: list[tuple[str, str]] = []
    odd: list[tuple[str, str]] = []
    with file.path.open("rb") as stream:
        for tensor in contents.tensors:
            if tensor.region is None or tensor.region.end > file.size or not is_floating(tensor.dtype):
                continue
            nans, infinities = _counted(stream, tensor)
            if nans or infinities:
                words = [f"{count} {word}" for count, word in ((nans, "NaN"), (infinities, "infinite")) if count]
                weight = _WEIGHTS.search(tensor.name) is not None
                (grave if weight else odd).append((tensor.name, f"has values that are {' and '.join(words)}"))
    if grave:
        hint = "take an earlier checkpoint: this training has diverged, or the file is damaged"
        yield flaw.error("SD751", file.name, flaw.first_of(file.name, grave), hint)
    nan = [one for one in odd if "NaN" in one[1]]
    if nan:
        yield flaw.warning("SD751", file.name, flaw.first_of(file.name, nan), "see whether NaN is meant there")
    rest = [one for one in odd if "NaN" not in one[1]]
    if rest:
        yield flaw.note("SD751", file.name, flaw.first_of(file.name, rest), "a mask or a bound may be infinite")


def _zeros(file: File, contents: Contents) -> Iterator[Finding]:
    """Matrices at the end that are nothing but zeros: what a download that stopped leaves of a preallocated file."""
    if contents.format != "safetensors" or not contents.tensors:
        return
    with file.path.open("rb") as stream:
        last = _last_byte(stream, file.size)
    blank = [
        tensor.name
        for tensor in contents.tensors
        if tensor.region and tensor.region.start >= last and len(tensor.shape) > 1 and tensor.region.size
    ]
    if len(blank) > 1 and file.size - last >= _LEAST_ZEROS:
        what = f"the last {file.size - last} bytes of {flaw.quoted(file.name)} are zeros, all of {flaw.some(blank)}"
        yield flaw.warning("SD757", file.name, what, "download it again, unless those are meant to be zeros")


def _last_byte(stream: Any, size: int) -> int:
    """Where the zeros at the end start."""
    at = size
    while at > 0:
        start = max(0, at - _PIECE)
        stream.seek(start)
        piece = stream.read(at - start)
        if piece != bytes(len(piece)):  # rstrip alone looks at one byte after another
            return start + len(piece.rstrip(b"\0"))
        at = start
    return 0


def _counted(stream: Any, tensor: Tensor) -> tuple[int, int]:
    """How many values are NaN and how many are infinite."""
    import numpy

    assert tensor.region is not None
    stream.seek(tensor.region.start)
    nans = infinities = 0
    left = tensor.region.size
    while left > 0 and (piece := stream.read(min(left, _PIECE))):
        left -= len(piece)
        found = _of_piece(numpy.frombuffer(piece, "u1"), tensor.dtype)
        nans, infinities = nans + found[0], infinities + found[1]
    return nans, infinities


def _of_piece(piece: "numpy.ndarray[Any, Any]", dtype: str) -> tuple[int, int]:
    if dtype in _NAN_ONLY:
        mask, pattern = _NAN_ONLY[dtype]
        return int(((piece & mask) == pattern).sum()), 0
    if dtype not in _BITS:
        return 0, 0
    form, exponent, mantissa = _BITS[dtype]
    words = piece[: piece.size // int(form[-1]) * int(form[-1])].view(form)
    special = words[(words & exponent) == exponent]
    nans = int(((special & mantissa) != 0).sum())
    return nans, int(special.size) - nans
