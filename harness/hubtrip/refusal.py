"""A refusal: what a library raised, as plain data that another process can read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .lines import raised


def refusal(error: BaseException, files: Collection[str] = ()) -> dict[str, Any]:
    """Its type and those that it extends, its words in one line, and the status of the answer that it is about.

    `line` is the innermost in one of the `files`, the author's, see `lines.own_files`.
    """
    response = getattr(error, "response", None)
    return {
        "kinds": [cls.__name__ for cls in type(error).__mro__],
        "text": " ".join(f"{type(error).__name__}: {error}".split())[:700],
        "status": getattr(response, "status_code", None),
        "line": raised(error, files),
    }
