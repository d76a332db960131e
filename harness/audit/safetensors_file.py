"""The header of a safetensors file, read without the tensors and without the library.

Eight bytes give the length of a JSON object, which gives dtype, shape and byte offsets of each tensor. The offsets must
cover the rest of the file exactly. Source: https://github.com/huggingface/safetensors#format.
"""

import json
from dataclasses import dataclass, field
from math import prod
from typing import Any

from ..finding import Finding
from . import flaw, json_text
from .contents import Contents, Region, Tensor
from .dtypes import BITS, NOT_IN_SAFETENSORS
from .folder import File

FORMAT = "safetensors"
# The limit of the safetensors library itself.
LONGEST_HEADER = 100_000_000
AGAIN = "copy or download the file again, or save the model again"
_LARGEST = 2**63 - 1
_MOST_DIMENSIONS = 64


@dataclass(slots=True)
class _Reading:
    """What one reading has come to so far: tensors, and the flaws of each kind by tensor."""

    name: str
    base: int
    tensors: list[Tensor] = field(default_factory=list)
    flaws: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def blame(self, code: str, key: str, what: str) -> None:
        self.flaws.setdefault(code, []).append((key, what))


def read(file: File) -> Contents:
    """The tensors that a file says it holds, and what contradicts that. Reads the header alone."""
    with file.path.open("rb") as stream:
        head = stream.read(8)
        length = int.from_bytes(head, "little")
        refusal = _refused(file, head, length)
        if refusal is not None:
            return _broken(file, refusal)
        text = stream.read(length)
    parsed = json_text.parse(text)
    problem = (
        parsed.problem or _half_characters(text) or (None if isinstance(parsed.value, dict) else "is no JSON object")
    )
    if text[:1] != b"{":
        problem = "does not start with `{`"
    if problem is not None:
        return _broken(file, flaw.error("SD710", file.name, f"the header of {flaw.quoted(file.name)} {problem}", AGAIN))
    return _checked(file, parsed, 8 + length)


def _refused(file: File, head: bytes, length: int) -> Finding | None:
    who = flaw.quoted(file.name)
    if len(head) < 8:
        what = f"{who} ends after {len(head)} of the 8 bytes that give the header's length"
        return flaw.error("SD711", file.name, what, AGAIN)
    if length > LONGEST_HEADER:
        kind = _in_disguise(head)
        what = f"{who} starts with a header length of {length}: more than safetensors allows{kind}"
        return flaw.error("SD710", file.name, what, AGAIN)
    if 8 + length > file.size:
        what = f"{who} says that its header has {length} bytes, and ends after {file.size - 8} of them"
        return flaw.error("SD711", file.name, what, AGAIN)
    return None


def _half_characters(text: bytes) -> str | None:
    """Escapes of half a character, which Python's JSON takes and that of safetensors does not."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode() if b"\\u" in text else b""
    except UnicodeEncodeError:
        return "holds half a character"
    return None


def _in_disguise(head: bytes) -> str:
    kinds = {b"PK\x03\x04": "a zip archive, as `torch.save` writes", b"\x80": "a pickle", b"<": "a page of HTML or XML"}
    kind = next((kind for magic, kind in kinds.items() if head.startswith(magic)), None)
    return f"; it looks like {kind}" if kind else ""


def _broken(file: File, finding: Finding) -> Contents:
    return Contents(file=file.name, format=FORMAT, size=file.size, findings=(finding,), sound=False)


def _checked(file: File, parsed: json_text.Parsed, base: int) -> Contents:
    reading = _Reading(name=file.name, base=base)
    header: dict[str, Any] = dict(parsed.value)
    metadata = header.pop("__metadata__", None)
    for key, told in header.items():
        _tensor(reading, key, told)
    findings = [_gathered(file.name, code, flaws) for code, flaws in reading.flaws.items()]
    if parsed.repeated:
        what = f"the header of {flaw.quoted(file.name)} says twice: {flaw.some(parsed.repeated)}"
        findings.append(flaw.error("SD716", file.name, f"{what}; parsers disagree on which one counts", AGAIN))
    texts = isinstance(metadata, dict) and all(isinstance(value, str) for value in metadata.values())
    if metadata is not None and not texts:
        what = f"`__metadata__` of {flaw.quoted(file.name)} is no object of texts: safetensors refuses the file"
        findings.append(flaw.error("SD717", file.name, what, AGAIN))
    sound = not findings
    findings += _covered(reading, file)
    return Contents(
        file=file.name,
        format=FORMAT,
        size=file.size,
        tensors=tuple(reading.tensors),
        metadata=dict(metadata) if texts else {},
        findings=tuple(findings),
        sound=sound,
    )


def _gathered(name: str, code: str, flaws: list[tuple[str, str]]) -> Finding:
    return flaw.error(code, name, flaw.first_of(name, flaws), AGAIN)


def _tensor(reading: _Reading, key: str, told: Any) -> None:
    """One entry of the header: into the tensors if it makes sense, else into the flaws."""
    if not isinstance(told, dict) or told.keys() != {"dtype", "shape", "data_offsets"}:
        reading.blame("SD710", key, "is not described by dtype, shape and data_offsets")
        return
    dtype, shape, offsets = told["dtype"], told["shape"], told["data_offsets"]
    if dtype not in BITS.keys() - NOT_IN_SAFETENSORS if isinstance(dtype, str) else True:
        reading.blame("SD715", key, f"has the dtype {flaw.quoted(dtype)}, which safetensors does not know")
        return
    if not _counts(shape) or len(shape) > _MOST_DIMENSIONS or prod(shape) * BITS[dtype] > 8 * _LARGEST:
        reading.blame("SD714", key, f"has the shape {flaw.quoted(shape)}, which no tensor can have")
        return
    if not _counts(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        reading.blame("SD713", key, f"has the data_offsets {flaw.quoted(offsets)}, which name no bytes")
        return
    start, end = offsets
    wanted, left = divmod(prod(shape) * BITS[dtype], 8)
    if left or end - start != wanted:
        what = f"has {end - start} bytes, and {dtype} of shape {shape} has {wanted + bool(left)}"
        reading.blame("SD714", key, what)
    region = Region(start=reading.base + start, size=end - start)
    reading.tensors.append(Tensor(name=key, dtype=dtype, shape=tuple(shape), region=region))


def _counts(numbers: Any) -> bool:
    """True for a list of numbers from 0 to the largest that a file can have."""
    return isinstance(numbers, list) and all(type(one) is int and 0 <= one <= _LARGEST for one in numbers)


def _covered(reading: _Reading, file: File) -> list[Finding]:
    """Holes and overlaps between the tensors, an early end, bytes after the last."""
    who, findings = flaw.quoted(file.name), []
    at, before = reading.base, "the header"
    uneven: list[tuple[str, str]] = []
    for tensor in sorted(reading.tensors, key=lambda one: (one.region.start, one.region.end) if one.region else (0, 0)):
        if (region := tensor.region) is None:
            continue
        if region.start != at:
            kind = "starts inside of" if region.start < at else f"leaves a hole of {region.start - at} bytes after"
            uneven.append((tensor.name, f"{kind} {before}"))
        if region.end >= at:
            at, before = region.end, flaw.quoted(tensor.name)
    if uneven:
        findings.append(_gathered(file.name, "SD713", uneven))
    if at > file.size:
        cut = [one.name for one in reading.tensors if one.region and one.region.end > file.size]
        what = f"{who} has {file.size} bytes of {at}: cut off in {flaw.some(cut)}"
        findings.append(flaw.error("SD711", file.name, what, AGAIN))
    elif at < file.size and not reading.flaws:
        what = f"{who} has {file.size - at} bytes after its last tensor: safetensors refuses the file, others do not"
        findings.append(flaw.error("SD712", file.name, what, AGAIN))
    return findings
