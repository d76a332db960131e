"""JSON that came over the wire, until it is known to be what it should."""

import base64
import json
from typing import Any

from .refusals import bad


def an_object(text: bytes, what: str) -> dict[str, Any]:
    """The JSON object of these bytes; refused where they are something else, or hold half a character."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError:
        raise bad(f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise bad(f"{what} is not a JSON object")
    return found


def objects(words: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The list of objects under that name; an empty one where there is none."""
    found = words.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise bad(f"{name} is not a list of objects")
    return found


def an_object_in(words: dict[str, Any], name: str) -> dict[str, Any]:
    """The object under that name; an empty one where there is none."""
    found = words.get(name, {})
    if not isinstance(found, dict):
        raise bad(f"{name} is not an object")
    return found


def text(words: dict[str, Any], name: str) -> str:
    """The text under that name; an empty one where there is none, or null."""
    found = words.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise bad(f"{name} is not text")
    return found


def size(words: dict[str, Any]) -> int:
    """The size in bytes under `size`."""
    found = words.get("size")
    if not isinstance(found, int) or found < 0:
        raise bad(f"{found!r} is not a size")
    return found


def base64_in(words: dict[str, Any], name: str) -> bytes:
    """The bytes that are written in base64 under that name."""
    try:
        return base64.b64decode(text(words, name), validate=True)
    except ValueError:
        raise bad(f"{name} is not base64") from None
