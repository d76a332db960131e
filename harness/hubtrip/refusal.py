"""A refusal: what a library raised, as plain data that another process can read."""

from __future__ import annotations

from typing import Any


def refusal(error: BaseException) -> dict[str, Any]:
    """Its type and those that it extends, its words in one line, and the status of the answer that it is about."""
    response = getattr(error, "response", None)
    return {
        "kinds": [cls.__name__ for cls in type(error).__mro__],
        "text": " ".join(f"{type(error).__name__}: {error}".split())[:700],
        "status": getattr(response, "status_code", None),
    }
