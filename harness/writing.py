"""Writing reports to files, with the one-line errors that a user can act on."""

import gzip
from pathlib import Path

from .errors import UsageError


def refuse_unwritable(file: str) -> None:
    """Raise `UsageError` before a long run for a file that could not be written after it."""
    if Path(file).is_dir() or not Path(file).absolute().parent.is_dir():
        raise UsageError(f"cannot write {file}: it is a directory, or its folder does not exist")


def write(file: str, text: str) -> None:
    """Write a report as UTF-8, packed where the name ends in `.gz`. Raises `UsageError` where the system refuses."""
    data = text.encode()
    try:
        Path(file).write_bytes(gzip.compress(data, mtime=0) if file.endswith(".gz") else data)
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
