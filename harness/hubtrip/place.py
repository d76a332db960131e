"""Place: which Hub the trips go to, a local one of our own or the real one, as `--hub` says."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..errors import NotChecked, UsageError

LOCAL, REAL = "local", "real"
# The choice is carried by the environment: processes that work for this one find it there.
VARIABLE = "SAMEDEVICE_HUB"
ENDPOINT = "https://huggingface.co"


def choose(word: str) -> None:
    """Let all trips of this process and of those that it starts go there. Raises `UsageError`."""
    refuse_unready(word, os.environ)
    os.environ[VARIABLE] = word


def chosen() -> str:
    """`local` or `real`. Raises `NotChecked` where the environment says something else, or lacks the token."""
    word = os.environ.get(VARIABLE, LOCAL)
    try:
        refuse_unready(word, os.environ)
    except UsageError as error:
        raise NotChecked(str(error)) from error
    return word


def refuse_unready(word: str, environment: Mapping[str, str]) -> None:
    """Raise `UsageError` for a word that names no Hub, and for the real one without a token to write with."""
    if word not in (LOCAL, REAL):
        raise UsageError(f"unknown Hub {word!r}: want {LOCAL} or {REAL}")
    if word == REAL and not environment.get("HF_TOKEN"):
        raise UsageError("--hub real needs a token that may write: set HF_TOKEN")


def real_endpoint() -> str:
    """Where the real Hub is: `HF_ENDPOINT`, else huggingface.co."""
    return os.environ.get("HF_ENDPOINT", ENDPOINT).rstrip("/")
