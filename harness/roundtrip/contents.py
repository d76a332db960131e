"""Contents: where two files of the same name differ, in the words of their format."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20


def differences(one: Path, two: Path) -> tuple[int, dict[str, str]]:
    """How many files there are below the first folder, and where those that differ in the second differ first."""
    names = sorted(str(path.relative_to(one)) for path in one.rglob("*") if path.is_file())
    gaps = {name: gap for name in names if (gap := first_difference(one / name, two / name)) is not None}
    return len(names), gaps


def first_difference(one: Path, two: Path) -> str | None:
    """The member, header field, tensor or byte in which two files differ first; None where they are the same."""
    if not two.exists():
        return "it is not written again"
    where = _first_byte(one, two)
    if where is None:
        return None
    if one.suffix == ".safetensors":
        return _header(one, two) or _tensor(one, where)
    if zipfile.is_zipfile(one) and zipfile.is_zipfile(two):
        return _member(one, two) or f"byte {where}"
    if one.suffix == ".json":
        return _field(*map(_fields, (one, two))) or f"byte {where}, the order of fields"
    return f"byte {where}"


def _first_byte(one: Path, two: Path) -> int | None:
    with one.open("rb") as first, two.open("rb") as second:
        start = 0
        while True:
            a, b = first.read(_CHUNK), second.read(_CHUNK)
            if a != b:
                return start + next(
                    (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
                )
            if not a:
                return None
            start += len(a)


def _safetensors_header(file: Path) -> tuple[dict[str, Any], int]:
    with file.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
        header: dict[str, Any] = json.loads(stream.read(size))
    return header, 8 + size


def _header(one: Path, two: Path) -> str | None:
    before, after = _safetensors_header(one)[0], _safetensors_header(two)[0]
    if before != after:
        return _field(before, after)
    if list(before.get("__metadata__", {})) != list(after.get("__metadata__", {})):
        return "the order of the keys in `__metadata__` of its header"
    return "the order of fields in its header" if list(before) != list(after) else None


def _tensor(file: Path, where: int) -> str:
    header, start = _safetensors_header(file)
    for name, entry in header.items():
        if name != "__metadata__" and entry["data_offsets"][0] <= where - start < entry["data_offsets"][1]:
            return f"the data of `{name}`"
    return f"byte {where}"


def _member(one: Path, two: Path) -> str | None:
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(two) as second:
        before = [(info.filename, info.CRC) for info in first.infolist()]
        after = [(info.filename, info.CRC) for info in second.infolist()]
    if [name for name, _ in before] != [name for name, _ in after]:
        return f"its members are called {after[0][0]} ..., before {before[0][0]} ..."
    return next((f"its member {a[0]}" for a, b in zip(before, after, strict=True) if a != b), None)


def _fields(file: Path) -> dict[str, Any]:
    value = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(value, dict):
        return value
    items = value if isinstance(value, list) else [value]
    return {str(index): item for index, item in enumerate(items)}


def _field(before: dict[str, Any], after: dict[str, Any]) -> str | None:
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return f"field `{names[0]}`" if names else None
