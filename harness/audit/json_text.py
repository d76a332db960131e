"""JSON as other people's programs write it, read strictly: what is said twice is told."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A JSON text: its value, or why it has none; `repeated` are the keys that an object holds twice."""

    value: Any = None
    problem: str | None = None
    repeated: tuple[str, ...] = ()


def parse(text: bytes) -> Parsed:
    """Read UTF-8 JSON. Never raises for what the bytes hold."""
    repeated: list[str] = []

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            seen: set[str] = set()
            repeated.extend(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return built

    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=build)
    except UnicodeDecodeError as error:
        return Parsed(problem=f"is not UTF-8 text (byte {error.start})")
    except json.JSONDecodeError as error:
        return Parsed(problem=f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except RecursionError:
        return Parsed(problem="is nested too deeply")
    except ValueError as error:  # a number of thousands of digits
        return Parsed(problem=f"is not JSON that Python reads: {error}")
    return Parsed(value=value, repeated=tuple(dict.fromkeys(repeated)))
