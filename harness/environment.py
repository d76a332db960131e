"""The environment a report was made in: versions, platform, commit."""

import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Versions as installed, `git` as `git describe --always --dirty` of the working directory; None where unknown."""

    samedevice: str | None
    torch: str | None
    transformers: str | None
    python: str
    platform: str
    git: str | None


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def here() -> Environment:
    """The environment of this process. Imports nothing heavy: versions come from the installed metadata."""
    return Environment(
        samedevice=_version("samedevice"),
        torch=_version("torch"),
        transformers=_version("transformers"),
        python=platform.python_version(),
        platform=platform.platform(),
        git=_commit(),
    )
