"""The journal: results as they come, in a file, so that a run that was ended in its middle can go on.

One JSON line for each cell, after one that says what the results were made with. A line is with the system as soon as
its cell is done, which `kill -9` does not undo, and on the disk a second later.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import IO

from .device import Device
from .plan import Cell
from .result import Result
from .wire import from_line, to_line

FOLDER = Path(".samedevice")
_VERSION = "samedevice-journal/1"
# Seconds between two waits for the disk.
_SYNC = 1.0

# What a cell is known by: suite, target, device, real or virtual, check.
Key = tuple[str | None, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a journal holds: a result for each key, None where the question did not arise; and what to tell the user.

    `is_continued` says that new results may be written after those that it holds.
    """

    results: Mapping[Key, Result | None]
    note: str | None = None
    is_continued: bool = False


NOTHING = Held(results={})


def path(*words: str) -> Path:
    """Where the journal of a command lies, in the working directory."""
    name = re.sub(r"[^\w.-]+", "_", "-".join(words))
    if len(name) > 80:
        name = f"{name[:60]}-{sha256(name.encode()).hexdigest()[:12]}"
    return FOLDER / f"{name}.jsonl"


def key_of(cell: Cell) -> Key:
    """What a cell is known by."""
    return _key(cell.suite, cell.target.name, cell.device, cell.check.name)


def digest(cells: Sequence[Cell]) -> str:
    """The plan in 16 letters: the same cells in the same order have the same."""
    return sha256(json.dumps([key_of(cell) for cell in cells]).encode()).hexdigest()[:16]


def read(file: Path, made: Mapping[str, str | None], cells: Sequence[Cell]) -> Held:
    """The results in a journal that are of these cells, if they were made with the same things.

    A last line that was cut short is passed over.
    """
    try:
        first, *lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return Held(results={}, note=f"nothing to resume: there is no {file}")
    header = _header(first)
    if header is None:
        return Held(results={}, note=f"started over: {file} is not a journal")
    changed = [name for name in {**header["made"], **made} if header["made"].get(name) != made.get(name)]
    if changed:
        before, now = (f"{changed[0]} {source.get(changed[0])}" for source in (header["made"], made))
        return Held(results={}, note=f"started over: the journal was made with {before}, and this is {now}")
    found = dict(entry for line in lines if (entry := _entry(line)) is not None)
    wanted = {key_of(cell) for cell in cells}
    kept = {key: result for key, result in found.items() if key in wanted}
    strange = f"; {len(found) - len(kept)} more are not in this plan" if len(kept) < len(found) else ""
    note = f"resumed: {len(kept)} of {len(cells)} cells are in {file}{strange}"
    return Held(results=kept, note=note, is_continued=True)


class Journal:
    """A journal that is being written. Where it cannot be, `problem` says why, and the run goes on without."""

    def __init__(self, file: Path, made: Mapping[str, str | None], held: Held) -> None:
        self.file = file
        self.problem: str | None = None
        self._stream: IO[str] | None = None
        self._synced = monotonic()
        try:
            self._stream = _opened(file, is_continued=held.is_continued)
        except BlockingIOError:
            self.problem = f"no journal is kept: another run writes {file}"
        except OSError as error:
            self.problem = f"no journal is kept: cannot write {file}: {error.strerror}"
        else:
            # After results that are there: a blank line at most, where the last one was cut short.
            self._write("" if held.is_continued else json.dumps({"journal": _VERSION, "made": dict(made)}))

    def append(self, cell: Cell, result: Result | None) -> None:
        """Write the result of a cell, or that there is none."""
        self._write(_line(key_of(cell), result))

    def close(self, *, is_finished: bool) -> None:
        """Leave the journal, and take it away where the run is finished."""
        if self._stream is None:
            return
        if is_finished:
            with suppress(OSError):
                self.file.unlink()
                _before(self.file).unlink(missing_ok=True)
                if {one.name for one in FOLDER.iterdir()} == {".gitignore"}:
                    (FOLDER / ".gitignore").unlink()
                    FOLDER.rmdir()
        self._stream.close()
        self._stream = None

    def _write(self, line: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
            if monotonic() - self._synced > _SYNC:
                os.fsync(self._stream.fileno())
                self._synced = monotonic()
        except OSError as error:  # a full disk must not end a run
            self.problem = f"the journal is not complete: {error.strerror}"
            self._stream = None


def _before(file: Path) -> Path:
    """Where the results of a run lie that was not finished, and that another has taken the place of."""
    return file.with_suffix(".jsonl.old")


def _opened(file: Path, *, is_continued: bool) -> IO[str]:
    """The file, ours alone, and empty unless it is continued. Raises `BlockingIOError` where it is another's."""
    file.parent.mkdir(exist_ok=True)
    ignore = file.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    stream = file.open("a", encoding="utf-8")
    try:
        _lock(stream)
        if not is_continued and file.stat().st_size:
            _before(file).write_bytes(file.read_bytes())
            stream.truncate(0)
    except OSError:
        stream.close()
        raise
    return stream


def _lock(stream: IO[str]) -> None:
    with suppress(ImportError):
        import fcntl  # not on Windows, where two runs in one folder are the user's care

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _header(line: str) -> dict[str, dict[str, str | None]] | None:
    with suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict) and found.get("journal") == _VERSION and isinstance(found.get("made"), dict):
            return found
    return None


def _line(key: Key, result: Result | None) -> str:
    return json.dumps(list(key)) + "\t" + ("null" if result is None else to_line(result))


def _entry(line: str) -> tuple[Key, Result | None] | None:
    key, tab, rest = line.partition("\t")
    if not tab:
        return None
    try:
        suite, target, device, reality, check = json.loads(key)
        return (suite, target, device, reality, check), None if rest == "null" else from_line(rest)
    except ValueError:
        return None


def _key(suite: str | None, target: str, device: Device, check: str) -> Key:
    return suite, target, device.name, device.reality, check
