"""Where a file lies, as another machine would say it: in the repository, in an installed package, or elsewhere."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from urllib.parse import quote

from ...harness.finding import Finding, Location

REPOSITORY, PACKAGES = "SRCROOT", "SITEPACKAGES"
_INSTALLED = ("site-packages/", "dist-packages/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file: its `path` below `base` with forward slashes, or its whole path where it is below none."""

    path: str
    base: str | None

    @property
    def uri(self) -> str:
        """A URI reference, relative to `base` where there is one."""
        if self.base:
            return quote(self.path, errors="backslashreplace")
        return f"file:///{quote(self.path.lstrip('/'), safe='/:', errors='backslashreplace')}"


def repository() -> Path:
    """The nearest folder with a `.git` around the working directory; without one, the working directory."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def artifact(file: str, root: Path) -> Artifact:
    """Where `file` lies, seen from the repository at `root`. A relative file is below the working directory."""
    return _artifact(file, root, os.getcwd())


@lru_cache(maxsize=4096)  # findings name the same few files again and again
def _artifact(file: str, root: Path, here: str) -> Artifact:
    if PureWindowsPath(file).drive and not file.startswith("/"):  # a report that Windows made
        path = file.replace("\\", "/")
    else:
        path = os.path.normpath(os.path.join(here, file)).replace(os.sep, "/")
    for folder in _INSTALLED:
        _, found, below = path.rpartition(f"/{folder}")
        if found:
            return Artifact(path=below, base=PACKAGES)
    prefix = root.as_posix().rstrip("/") + "/"
    if path.startswith(prefix):
        return Artifact(path=path.removeprefix(prefix), base=REPOSITORY)
    return Artifact(path=path, base=None)


def of_target(target: str, subject: str | None, root: Path) -> Artifact | None:
    """The file that a target was taken from, where there is one: `net.py:make`, `package.module:name`, a checkpoint.

    Of a checkpoint it is the file that the finding is about, where the subject is one.
    """
    address, _, _ = target.rpartition(":")
    module = address.replace(".", "/")
    candidates = (f"{target}/{subject}", address, f"{module}.py", f"{module}/__init__.py", target)
    for file in candidates:
        if file and "\0" not in file and len(file) < 4096 and os.path.isfile(file):
            return artifact(file, root)
    return artifact(target, root) if "\0" not in target and os.path.isdir(target) else None


def places(finding: Finding, root: Path) -> tuple[tuple[str, Location], ...]:
    """What made the culprit and what used it, each once; the one that a reader can mend first: in the repository."""
    both = (("made", finding.origin), ("used", finding.use))
    known = {place: word for word, place in reversed(both) if place is not None}
    met = [(word, place) for place, word in reversed(known.items())]
    return tuple(sorted(met, key=lambda pair: artifact(pair[1].file, root).base != REPOSITORY))


def spot(finding_place: Location | None, root: Path) -> str:
    """`file:line` of a location, relative where it can be; empty without one."""
    if finding_place is None:
        return ""
    return f"{artifact(finding_place.file, root).path}:{finding_place.line}"
