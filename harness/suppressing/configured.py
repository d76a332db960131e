"""The suppressions of a project: `ignore` in the table `[tool.samedevice]` of its `pyproject.toml`."""

import tomllib
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..finding import Location
from ..suggestion import listed
from ..suppression import Entry
from .comments import unknown

FILE = "pyproject.toml"
_KEYS = ("code", "reason", "target", "subject", "device")


def configured() -> tuple[Entry, ...]:
    """The entries of the nearest `pyproject.toml`, from the working directory upwards. Raises `UsageError`."""
    here = Path.cwd()
    file = next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).is_file()), None)
    return () if file is None else entries(file)


def entries(file: Path) -> tuple[Entry, ...]:
    """The entries of one file. Raises `UsageError` for what it does not know, and for an entry without a reason."""
    try:
        text = file.read_text(encoding="utf-8")
        tools = tomllib.loads(text).get("tool", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    table = tools.get("samedevice", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{file}: tool.samedevice is no table")
    for key in table:
        if key != "ignore":
            raise UsageError(f"{file}: tool.samedevice has no {key!r}{listed(key, ['ignore'])}")
    given = table.get("ignore", [])
    if not isinstance(given, list):
        raise UsageError(f"{file}: tool.samedevice.ignore is no list of tables")
    return tuple(_entry(one, f"{file}: tool.samedevice.ignore[{at}]", file, text) for at, one in enumerate(given))


def _entry(given: Any, at: str, file: Path, text: str) -> Entry:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise UsageError(f'{at} is no table of texts, such as {{ code = "SD301", reason = "..." }}')
    for key in given:
        if key not in _KEYS:
            raise UsageError(f"{at} has an unknown key {key!r}{listed(key, _KEYS)}")
    flaw = unknown([given["code"]] if "code" in given else [])
    if flaw is not None:
        raise UsageError(f"{at}: {flaw}")
    reason = given.pop("reason", "").strip()
    if not reason:
        raise UsageError(f'{at} gives no reason: say why {given["code"]} is accepted, `reason = "..."`')
    return Entry(reason=reason, place=Location(file=str(file), line=_line(text, given["code"], reason)), **given)


def _line(text: str, code: str, reason: str) -> int:
    """Where the entry stands, as near as its words tell: TOML's reader keeps no lines."""
    lines = text.splitlines()
    for words in ((code, reason), (reason,), (code,)):
        for number, line in enumerate(lines, start=1):
            if all(word in line for word in words):
                return number
    return 1
