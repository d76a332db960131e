"""The journal: rows as they come, beside the file that is to be, so that an interrupted recording can go on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..errors import UsageError
from ..writing import write
from .asking import Omission
from .recording import Header, Recording, header_from_json, header_to_json, read, text
from .row import Row, row_from_json, row_to_json


def path(file: str) -> Path:
    """Where the journal of a recording lies."""
    return Path(f"{file}.partial")


def begin(file: str, header: Header, *, resume: bool) -> Recording:
    """Start the journal, or go on with it; returns what it holds.

    Going on also takes a finished recording for a beginning. Raises `UsageError` where an unfinished one
    would be lost, or was made on another device or PyTorch.
    """
    journal = path(file)
    if not resume:
        if journal.exists():
            raise UsageError(f"{journal} is an unfinished recording: go on with --resume, or delete it")
        found = Recording(header=header, rows=())
    elif journal.exists():
        found = _read(journal)
    else:
        found = read(file) if Path(file).exists() else Recording(header=header, rows=())
    if not found.header.is_continued_by(header):
        held = found.header
        raise UsageError(
            f"cannot resume {file}: it was recorded on {held.device.reality} {held.device.name} ({held.model}) "
            f"with torch {held.versions.get('torch')}"
        )
    lines = [json.dumps(header_to_json(header)), *(json.dumps(row_to_json(row)) for row in found.rows)]
    write(str(journal), "\n".join(lines) + "\n")
    return replace(found, header=header, omitted={})


def append(file: str, found: Iterator[Row | Omission]) -> Iterator[Row | Omission]:
    """Write each row before it is given on. Omissions are asked again by who resumes, so they leave no trace."""
    with path(file).open("a", encoding="utf-8") as journal:
        for one in found:
            if isinstance(one, Row):
                journal.write(json.dumps(row_to_json(one)) + "\n")
                journal.flush()
            yield one


def finish(file: str, recording: Recording) -> None:
    """Write the recording and take the journal away."""
    write(file, text(recording))
    path(file).unlink()


def _read(journal: Path) -> Recording:
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")]  # the last one may have been cut short
    try:
        header = header_from_json(json.loads(whole[0]))
        return Recording(header=header, rows=tuple(row_from_json(json.loads(line)) for line in whole[1:]))
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"cannot resume: {journal} is damaged; delete it and start again") from error
