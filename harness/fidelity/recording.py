"""A recording: what one device did, with all that says which device and which PyTorch it was."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..device import Device
from ..errors import UsageError
from .row import Row, row_from_json, row_to_json

SCHEMA = "samedevice-fidelity/1"
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where and when a recording was made.

    `model` is the maker's name of the device, `virtual` for a virtual one, whose recording is no reference. `selection`
    are the words that narrowed the recording, empty where everything was recorded.
    """

    device: Device
    model: str
    versions: Mapping[str, str | None]
    date: str
    selection: str = ""

    def is_continued_by(self, other: "Header") -> bool:
        """True where rows of both may stand in one recording: same device, same PyTorch."""
        return (self.device, self.model, self.versions.get("torch")) == (
            other.device,
            other.model,
            other.versions.get("torch"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A header, the rows, and why some subjects have none."""

    header: Header
    rows: tuple[Row, ...]
    omitted: Mapping[str, str] = field(default_factory=dict)


def header_to_json(header: Header) -> dict[str, Any]:
    """A header as plain data."""
    return {
        "schema": SCHEMA,
        "device": {"name": header.device.name, "kind": header.device.reality, "model": header.model},
        "is_reference": not header.device.virtual,
        "versions": dict(header.versions),
        "date": header.date,
        "selection": header.selection,
    }


def header_from_json(plain: dict[str, Any]) -> Header:
    """The header of plain data. Raises `KeyError`, `TypeError` or `ValueError` for data that is none."""
    if plain["schema"] != SCHEMA:
        raise ValueError(f"schema {plain['schema']!r}, expected {SCHEMA!r}")
    kind, _, index = plain["device"]["name"].partition(":")
    device = Device(kind=kind, index=int(index), virtual=plain["device"]["kind"] != "real")
    return Header(
        device=device,
        model=plain["device"]["model"],
        versions=plain["versions"],
        date=plain["date"],
        selection=plain["selection"],
    )


def text(recording: Recording) -> str:
    """The recording as JSON, one row per line, so that two of them can be compared by eye."""
    head = header_to_json(recording.header) | {"count": len(recording.rows), "omitted": dict(recording.omitted)}
    return json.dumps(head, indent=1)[:-2] + ',\n "rows": [\n' + ",\n".join(_lines(recording)) + "\n ]\n}\n"


def _lines(recording: Recording) -> Iterator[str]:
    for row in recording.rows:
        yield "  " + json.dumps(row_to_json(row), separators=(",", ":"), ensure_ascii=False)


def read(file: str) -> Recording:
    """The recording in a file. Raises `UsageError` for a file that cannot be read or holds none."""
    try:
        plain = json.loads(_unpacked(Path(file).read_bytes()))
        rows = tuple(row_from_json(row) for row in plain["rows"])
        if len(rows) != plain["count"]:
            raise ValueError(f"{len(rows)} rows, but its count is {plain['count']}")
        return Recording(header=header_from_json(plain), rows=rows, omitted=plain["omitted"])
    except (KeyError, TypeError, ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"{file} is no recording of `samedevice fidelity record`: {_said(error)}") from error
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error


def _unpacked(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(GZIP) else data


def _said(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
