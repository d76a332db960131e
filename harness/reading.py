"""Reading: from the JSON text of a report back to a `Report`, checked on the way."""

import json
from collections.abc import Callable
from dataclasses import fields
from math import nan
from typing import Any, TypeVar

from .device import Device
from .environment import Environment
from .errors import UsageError
from .finding import Finding, Location, Severity
from .listing import Listing
from .measure import Measure
from .report import SCHEMA, Report
from .result import Result, Status
from .shard import Shard
from .suppression import Suppressed

_Kind = TypeVar("_Kind")
_MISSING = object()


class _Wrong(Exception):
    """A value that is not what the schema wants; the message begins with where it is."""


def report_from_json(text: str, source: str) -> Report:
    """The report that a JSON text holds. Raises `UsageError`, which names `source` and the wrong value."""
    try:
        return _report(json.loads(text))
    except json.JSONDecodeError as error:
        raise UsageError(f"{source} is not JSON: {error}") from error
    except _Wrong as error:
        raise UsageError(f"{source} is not a samedevice report: {error}") from error


def _report(data: Any) -> Report:
    _want(data, dict, "the whole")
    if data.get("schema") != SCHEMA:
        raise _Wrong(f"schema is {data.get('schema')!r}, want {SCHEMA!r}")
    environment = _get(data, "environment", dict, "")
    cells = _get(data, "cells", list, "")
    return Report(
        environment=_environment(environment),
        cells=tuple(_cell(cell, f"cells[{i}]") for i, cell in enumerate(cells)),
        shards=tuple(
            _shard(_want(shard, dict, f"shards[{i}]"), f"shards[{i}].")
            for i, shard in enumerate(_get(data, "shards", list, "", default=[]))
        ),
    )


def _shard(data: dict[str, Any], at: str) -> Shard:
    index, count, cells = (_get(data, name, int, at) for name in ("index", "count", "cells"))
    if not 1 <= index <= count:
        raise _Wrong(f"{at}index is {index!r}, want a number from 1 to {count}")
    return Shard(index=index, count=count, cells=cells, plan=_get(data, "plan", str, at))


def _environment(data: dict[str, Any]) -> Environment:
    names = [field.name for field in fields(Environment)]
    found = {name: _get(data, name, str | None, "environment.", default=None) for name in names}
    return Environment(**found | {name: found[name] or "unknown" for name in ("python", "platform")})


def _cell(data: Any, at: str) -> Result:
    _want(data, dict, at)
    at += "."
    findings = _get(data, "findings", list, at, default=[])
    silent = _get(data, "suppressed", list, at, default=[])
    return Result(
        target=_get(data, "target", str, at),
        device=_device(_get(data, "device", dict, at), at + "device."),
        check=_get(data, "check", str, at),
        suite=_get(data, "suite", str | None, at, default=None),
        status=_one_of(Status, data, "status", at),
        reason=_get(data, "reason", str | None, at, default=None),
        seconds=float(_get(data, "seconds", int | float, at, default=0.0)),
        measures=_measures(_get(data, "measures", dict, at, default={}), at + "measures."),
        findings=tuple(_finding(finding, f"{at}findings[{i}]") for i, finding in enumerate(findings)),
        suppressed=tuple(_suppressed(one, f"{at}suppressed[{i}]") for i, one in enumerate(silent)),
        listing=_listing(_get(data, "listing", dict | None, at, default=None), f"{at}listing."),
    )


def _listing(data: dict[str, Any] | None, at: str) -> Listing | None:
    if data is None:
        return None
    headers = _texts(_get(data, "headers", list, at), f"{at}headers")
    rows = [_texts(_want(row, list, f"{at}rows"), f"{at}rows") for row in _get(data, "rows", list, at)]
    if any(len(row) != len(headers) for row in rows):
        raise _Wrong(f"{at}rows has a row that does not have a cell for each header")
    return Listing(title=_get(data, "title", str, at), headers=headers, rows=tuple(rows))


def _texts(data: list[Any], at: str) -> tuple[str, ...]:
    return tuple(_want(text, str, at) for text in data)


def _device(data: dict[str, Any], at: str) -> Device:
    name = _get(data, "name", str, at)
    reality = _get(data, "kind", str, at)
    kind, _, index = name.partition(":")
    if reality not in ("real", "virtual") or (index and not index.isdecimal()):
        raise _Wrong(f"{at[:-1]} is {data!r}, want a name like 'cuda:0' and the kind 'real' or 'virtual'")
    return Device(kind=kind, index=int(index or 0), virtual=reality == "virtual")


def _measures(data: dict[str, Any], at: str) -> tuple[Measure, ...]:
    found = {name: _get(data, name, int | float | None, at) for name in data}
    numbers = {name: nan if value is None else value for name, value in found.items()}  # JSON knows no NaN
    denominators = {f"{name}_of" for name in numbers} & numbers.keys()
    return tuple(
        Measure(name=name, value=value, of=int(numbers[f"{name}_of"]) if f"{name}_of" in numbers else None)
        for name, value in numbers.items()
        if name not in denominators
    )


def _finding(data: Any, at: str) -> Finding:
    _want(data, dict, at)
    at += "."
    optional: dict[str, Any] = {
        name: _get(data, name, str | None, at, default=None) for name in ("subject", "op", "hint")
    }
    return Finding(
        code=_get(data, "code", str, at),
        message=_get(data, "message", str, at),
        severity=_one_of(Severity, data, "severity", at),
        origin=_location(data, "origin", at),
        use=_location(data, "use", at),
        **optional,
    )


def _suppressed(data: Any, at: str) -> Suppressed:
    _want(data, dict, at)
    at += "."
    place = _location(data, "place", at)
    if place is None:
        raise _Wrong(f"{at}place is missing")
    finding = _finding(_get(data, "finding", dict, at), f"{at}finding")
    return Suppressed(finding=finding, reason=_get(data, "reason", str, at), place=place)


def _location(data: dict[str, Any], name: str, at: str) -> Location | None:
    place = _get(data, name, dict | None, at, default=None)
    if place is None:
        return None
    at += f"{name}."
    return Location(file=_get(place, "file", str, at), line=_get(place, "line", int, at))


def _one_of(kinds: Callable[[str], _Kind], data: dict[str, Any], name: str, at: str) -> _Kind:
    value = _get(data, name, str, at)
    try:
        return kinds(value)
    except ValueError:
        raise _Wrong(f"{at}{name} is {value!r}, which is none of the known") from None


def _get(data: dict[str, Any], name: str, kind: Any, at: str, *, default: Any = _MISSING) -> Any:
    if name not in data:
        if default is _MISSING:
            raise _Wrong(f"{at}{name} is missing")
        return default
    return _want(data[name], kind, f"{at}{name}")


def _want(value: Any, kind: Any, at: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _Wrong(f"{at} is {value!r:.60}, want {getattr(kind, '__name__', kind)}")
    return value
