"""What an entry point of an installed package leads to."""

from importlib.metadata import EntryPoint
from typing import Any

from .errors import UsageError


def load(entry: EntryPoint) -> Any:
    """The object that an entry point names. Raises `UsageError`, with the package to blame, where there is none."""
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        owner = entry.dist.name if entry.dist else "an installed package"
        raise UsageError(f"{entry.group} {entry.name!r} of {owner} does not load: {error}") from error
