"""The file of a baseline: JSON Lines, a line for each cell and each flaw, sorted, so that git merges it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ..errors import UsageError
from ..finding import Severity
from ..result import Status
from .known import Flaw, Key, Known

SCHEMA = "samedevice-baseline/1"

_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")

_KEY = tuple(one.name for one in fields(Key))
_MAY_BE_EMPTY = ("suite", "subject", "file", "reason")
_CELL = {"status": str, "flaky": bool, "reason": str}
_FLAW = {"code": str, "severity": str, "subject": str, "file": str, "count": int, "reason": str}


class _Wrong(Exception):
    """What is wrong with a line."""


@dataclass(slots=True, kw_only=True)
class _Read:
    """What the lines have said so far."""

    cells: dict[Key, dict[str, Any]] = field(default_factory=dict)
    flaws: dict[Key, dict[Flaw, tuple[int, str]]] = field(default_factory=dict)


def dumped(baseline: Mapping[Key, Known]) -> str:
    """The text of a baseline: the same for the same content."""
    lines = [{"schema": SCHEMA}]
    for key in sorted(baseline):
        known = baseline[key]
        cell: dict[str, Any] = {"status": known.status.value}
        if known.flaky:
            cell |= {"flaky": True, "reason": known.reason}
        lines.append(asdict(key) | cell)
        lines += [asdict(key) | _flaw(flaw, known) for flaw in sorted(known.flaws)]
    return "".join(json.dumps(_said(line)) + "\n" for line in lines)


def _said(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if value != "" or name not in _MAY_BE_EMPTY}


def _flaw(flaw: Flaw, known: Known) -> dict[str, Any]:
    count = known.flaws[flaw]
    said = {"code": flaw.code, "severity": flaw.severity.value, "subject": flaw.subject, "file": flaw.file}
    return said | ({"count": count} if count > 1 else {}) | {"reason": known.reasons.get(flaw, "")}


def loaded(text: str, source: str) -> dict[Key, Known]:
    """The baseline of a text. Raises `UsageError`, which names `source`, the line and what is wrong there."""
    read = _Read()
    number = 0
    try:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                _line(_object(line), read, is_first=number == 1)
        if not number:
            raise _Wrong(f"it is empty, want {SCHEMA!r}")
        for key in read.flaws.keys() - read.cells.keys():
            raise _Wrong(f"a finding of {key.target}, {key.check} on {key.device} stands without the line of its cell")
        return {key: _known(cell, read.flaws.get(key, {})) for key, cell in read.cells.items()}
    except _Wrong as error:
        raise UsageError(f"{source}:{number} is no line of a samedevice baseline: {error}") from None


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise _Wrong(f"{'a conflict of git' if line[:7] in _CONFLICT else error}") from None
    if not isinstance(data, dict):
        raise _Wrong("it is no object")
    return data


def _line(data: dict[str, Any], read: _Read, *, is_first: bool) -> None:
    if is_first or "schema" in data:
        if data.get("schema") != SCHEMA:
            raise _Wrong(f"schema is {data.get('schema')!r}, want {SCHEMA!r}")
        return
    shape = _FLAW if "code" in data else _CELL
    for name, value in data.items():
        wanted = str if name in _KEY else shape.get(name)
        if wanted is None or type(value) is not wanted:
            raise _Wrong(f"{name!r} is {value!r:.60}" + ("" if wanted is None else f", want {wanted.__name__}"))
    missing = [name for name in (*_KEY[1:], "severity" if "code" in data else "status") if name not in data]
    if missing:
        raise _Wrong(f"{missing[0]!r} is missing")
    key = Key(**{name: data.get(name, "") for name in _KEY})
    if "code" in data:
        _add_flaw(read.flaws.setdefault(key, {}), data)
    elif data.get("flaky") and not data.get("reason", "").strip():
        raise _Wrong("a flaky cell is accepted without a reason: say why in 'reason'")
    elif read.cells.setdefault(key, data) != data:
        raise _Wrong("another line says something else of this cell")


def _add_flaw(flaws: dict[Flaw, tuple[int, str]], data: dict[str, Any]) -> None:
    severity = _one_of(Severity, data["severity"])
    flaw = Flaw(code=data["code"], subject=data.get("subject", ""), file=data.get("file", ""), severity=severity)
    reason = data.get("reason", "").strip()
    if not reason and severity is not Severity.NOTE:
        raise _Wrong(f"{flaw.code} is accepted without a reason: say why in 'reason'")
    flaws[flaw] = data.get("count", 1), reason


def _known(cell: dict[str, Any], flaws: dict[Flaw, tuple[int, str]]) -> Known:
    return Known(
        status=_one_of(Status, cell["status"]),
        flaws=Counter({flaw: count for flaw, (count, _) in flaws.items()}),
        reasons={flaw: reason for flaw, (_, reason) in flaws.items()},
        flaky=cell.get("flaky", False),
        reason=cell.get("reason", ""),
    )


def _one_of(kind: Any, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise _Wrong(f"{value!r} is none of {', '.join(kind)}") from None
