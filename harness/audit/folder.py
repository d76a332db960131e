"""A folder of a checkpoint: its regular files, and what stands there that is none."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Bookkeeping of git, whose files are nobody's checkpoint.
_PASSED_OVER = frozenset({".git", "__pycache__"})


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A regular file, perhaps reached through a link. `name` is its path from the audited directory, with slashes."""

    name: str
    path: Path
    size: int

    @property
    def base(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending in small letters, with its dot: `.safetensors`."""
        return Path(self.base).suffix.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A symbolic link: `target` as it is written, `outside` where it leaves the audited directory."""

    name: str
    target: str
    resolved: Path
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One folder, without the files of those below. `strange` says why an entry is no regular file."""

    root: Path
    name: str
    files: tuple[File, ...]
    links: tuple[Link, ...]
    strange: tuple[tuple[str, str], ...]

    @property
    def path(self) -> Path:
        """Where the folder is."""
        return self.root / self.name

    def inside(self, base: str) -> str:
        """The name of an entry of this folder, seen from the audited directory."""
        return f"{self.name}/{base}" if self.name else base

    def file(self, base: str) -> File | None:
        """The file of that name, exactly; None where there is none."""
        return next((file for file in self.files if file.base == base), None)


def folders(root: Path) -> Iterator[Folder]:
    """The folder and all below it, in the order of their names; links to folders are not followed."""
    waiting = [""]
    while waiting:
        folder, below = _read(root, waiting.pop())
        waiting.extend(reversed(below))
        yield folder


def alone(path: Path) -> Folder:
    """A single file as a folder that holds nothing else."""
    file = File(name=path.name, path=path, size=path.stat().st_size)
    return Folder(root=path.parent, name="", files=(file,), links=(), strange=())


def _read(root: Path, name: str) -> tuple[Folder, list[str]]:
    files: list[File] = []
    links: list[Link] = []
    strange: list[tuple[str, str]] = []
    below: list[str] = []
    try:
        found = sorted(os.scandir(root / name), key=lambda one: one.name)
    except OSError as refusal:
        found = []
        strange.append((name or ".", f"cannot be listed: {refusal.strerror}"))
    for one in found:
        where = f"{name}/{one.name}" if name else one.name
        if one.is_symlink():
            links.append(_link(root, where, Path(one.path)))
        if one.is_dir(follow_symlinks=False):
            below += [] if one.name in _PASSED_OVER else [where]
            continue
        try:
            state = one.stat()
        except OSError as refusal:
            strange.append((where, f"cannot be read: {refusal.strerror}"))
            continue
        if stat.S_ISREG(state.st_mode):
            files.append(File(name=where, path=Path(one.path), size=state.st_size))
        elif not stat.S_ISDIR(state.st_mode):
            strange.append((where, "is a pipe, a socket or a device, and no file"))
    folder = Folder(root=root, name=name, files=tuple(files), links=tuple(links), strange=tuple(strange))
    return folder, below


def _link(root: Path, name: str, path: Path) -> Link:
    target = os.readlink(path)
    resolved = Path(os.path.realpath(path))
    outside = not resolved.is_relative_to(os.path.realpath(root))
    return Link(name=name, target=target, resolved=resolved, outside=outside)
