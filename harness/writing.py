"""Writing reports to files, with the one-line errors that a user can act on."""

from pathlib import Path

from .errors import UsageError


def refuse_unwritable(file: str) -> None:
    """Raise `UsageError` before a long run for a file that could not be written after it."""
    if Path(file).is_dir() or not Path(file).absolute().parent.is_dir():
        raise UsageError(f"cannot write {file}: it is a directory, or its folder does not exist")


def write(file: str, text: str) -> None:
    """Write a report as UTF-8. Raises `UsageError` where the system refuses."""
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}") from error
