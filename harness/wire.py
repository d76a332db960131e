"""The wire: a result as one line of JSON and back, exactly, for a file or another process.

Not pickle: who reads a line runs nothing of who wrote it. Not the report's JSON either, which knows no infinity.
"""

import json
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .result import Result


def to_line(result: Result) -> str:
    """The result as ASCII without a line break."""
    return json.dumps(asdict(result))


def from_line(line: str) -> Result:
    """The result that a line holds. Raises `ValueError` where it is cut short, or of another version."""
    try:
        result: Result = _read(Result, json.loads(line))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a result: {error}") from error
    return result


def _read(kind: Any, data: Any) -> Any:
    """The value of a field of type `kind`: a dataclass, a tuple, an optional of them, an enum, text or a number."""
    if get_origin(kind) in (Union, UnionType):
        if data is None:
            return None
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in data)
    if is_dataclass(kind):
        make: Any = kind
        hints = _hints(make)
        return make(**{name: _read(hints[name], value) for name, value in data.items()})
    if kind in (bool, float, int, str):
        if not isinstance(data, int | float if kind is float else kind):
            raise TypeError(f"{data!r:.40} is not a {kind.__name__}")
        return data
    return kind(data)


@lru_cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
