"""A manifest: the digest of every tensor and of every other file of a checkpoint, to compare with later.

Every byte is in one digest: those of a tensor in the tensor's, all others of its file (header, names, padding) in the
file's `rest`. The text is the same for the same checkpoint, on every machine and at every time.
"""

import json
import os
from pathlib import Path
from typing import Any

from ..errors import UsageError
from . import digests, json_text
from .contents import Contents, Region, Tensor
from .folder import File
from .surveying import Survey

SCHEMA = "samedevice-manifest/1"
NAME = "samedevice-manifest.json"
Described = dict[str, dict[str, Any]]


def place(found: Survey) -> Path:
    """Where the manifest of a checkpoint is: in its directory, or beside its file."""
    return found.path / NAME if found.whole else found.path.with_name(f"{found.path.name}.{NAME}")


def describe(found: Survey) -> Described:
    """Every file by name: its bytes, and its digest or those of its tensors. Reads all of them, in pieces."""
    described: Described = {}
    for snapshot in found.snapshots:
        for file in snapshot.folder.files:
            if file.base != NAME:
                described[file.name] = _described(file, snapshot.contents.get(file.base))
    return dict(sorted(described.items()))


def write(found: Survey) -> Path:
    """Write the manifest, all of it or nothing, and say where. Raises `UsageError` where the system refuses."""
    where = place(found)
    text = json.dumps({"schema": SCHEMA, "files": describe(found)}, indent=1, sort_keys=True) + "\n"
    unfinished = where.with_name(f"{where.name}.tmp")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, where)
    except OSError as refusal:
        raise UsageError(f"cannot write {where}: {refusal.strerror}") from refusal
    return where


def read(where: Path) -> Described | str:
    """The files of a manifest, or why it is none. Raises `UsageError` where there is no such file."""
    try:
        parsed = json_text.parse(where.read_bytes())
    except OSError as refusal:
        raise UsageError(f"cannot read {where}: {refusal.strerror}; --write-manifest writes it") from refusal
    if parsed.problem is not None:
        return parsed.problem
    if not isinstance(parsed.value, dict) or parsed.value.get("schema") != SCHEMA:
        return f"is no manifest of the schema {SCHEMA}"
    files = parsed.value.get("files")
    if not isinstance(files, dict) or not all(_is_description(one) for one in files.values()):
        return "does not describe its files as a manifest does"
    return files


def _is_description(told: Any) -> bool:
    tensors = told.get("tensors", {}) if isinstance(told, dict) else None
    return isinstance(tensors, dict) and all(isinstance(one, dict) for one in tensors.values())


def _described(file: File, contents: Contents | None) -> dict[str, Any]:
    if contents is None or not contents.tensors or not contents.sound:
        return {"bytes": file.size, "sha256": _whole(file)}
    regions = [tensor.region for tensor in contents.tensors if tensor.region is not None]
    hashed = digests.of_regions(file.path, regions)
    tensors = {name: _entry(tensor, hashed) for name, tensor in _named(contents).items()}
    return {"bytes": file.size, "rest": digests.of_rest(file.path, regions, file.size), "tensors": tensors}


def _entry(tensor: Tensor, hashed: dict[Region, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"dtype": tensor.dtype, "shape": list(tensor.shape)}
    told["sha256"] = hashed[tensor.region] if tensor.region is not None else None
    return {**told, "view": tensor.view} if tensor.view else told


def _named(contents: Contents) -> dict[str, Tensor]:
    """Tensors by name; two of one name, which nested dicts can have, are told apart by a number."""
    named: dict[str, Tensor] = {}
    for tensor in contents.tensors:
        name, number = tensor.name, 2
        while name in named:
            name, number = f"{tensor.name}#{number}", number + 1
        named[name] = tensor
    return named


def _whole(file: File) -> str:
    return digests.of_regions(file.path, [Region(start=0, size=file.size)])[Region(start=0, size=file.size)]
