"""The line of source that a finding points at."""

import linecache
from pathlib import Path

from ...harness.finding import Location


def place(location: Location) -> str:
    """`file:line`, relative to the working directory where the file lies below it."""
    path = Path(location.file)
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{location.line}"


def source_line(location: Location) -> str:
    """The text of that line, or nothing where the file is not here. Only Python files are opened."""
    if not location.file.endswith(".py"):
        return ""
    return linecache.getline(location.file, location.line).strip()
