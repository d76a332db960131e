"""One repository: its name, its settings, its history."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .attributes import INITIAL, NAME
from .history import MAIN, Author, History
from .trees import grown
from .writing import written

# The kind in API paths -> what stands before the id in the addresses of pages and files.
KINDS = {"models": "", "datasets": "datasets/", "spaces": "spaces/", "kernels": "kernels/"}
_SETTINGS = "hub.json"


@dataclass(slots=True, kw_only=True)
class Settings:
    """What git does not hold."""

    kind: str
    identifier: str
    is_private: bool
    created: float
    sdk: str | None = None
    gated: str | bool = False
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    discussions: list[dict[str, Any]] = field(default_factory=list)
    # User -> seconds since 1970.
    likes: dict[str, float] = field(default_factory=dict)
    # The sha256 of large files that were deleted for good, whatever an old commit still says.
    purged: list[str] = field(default_factory=list)


class Repository:
    """A bare git repository with settings beside it; whoever changes either holds `lock`."""

    def __init__(self, folder: Path, settings: Settings, *, is_new: bool = False) -> None:
        self.folder, self.settings = folder, settings
        self.history = History(folder, is_new=is_new)
        self.lock = threading.RLock()

    @classmethod
    def create(cls, folder: Path, settings: Settings, author: Author) -> "Repository":
        """Make a new one, with the first commit that every new repository has."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = cls(folder, settings, is_new=True)
        made.start_over(author)
        made.keep()
        return made

    @classmethod
    def read(cls, folder: Path) -> "Repository":
        """Open what an earlier server left."""
        return cls(folder, Settings(**json.loads((folder / _SETTINGS).read_text())))

    @staticmethod
    def folders(root: Path) -> list[Path]:
        """Every repository below a folder."""
        return sorted(file.parent for file in root.glob(f"*/*/*.git/{_SETTINGS}"))

    @property
    def identifier(self) -> str:
        """`namespace/name`."""
        return self.settings.identifier

    @property
    def namespace(self) -> str:
        """Whose it is."""
        return self.identifier.partition("/")[0]

    @property
    def page(self) -> str:
        """The path of its page, without a leading slash: the prefix of its files' addresses too."""
        return KINDS[self.settings.kind] + self.identifier

    def keep(self) -> None:
        """Write the settings."""
        values: Mapping[str, Any] = {name: getattr(self.settings, name) for name in Settings.__slots__}
        written(self.folder / _SETTINGS, json.dumps(values, indent=2))

    def start_over(self, author: Author) -> None:
        """The first commit."""
        held = {NAME: INITIAL}
        if self.settings.kind == "spaces":
            title = self.identifier.partition("/")[2]
            held["README.md"] = f"---\ntitle: {title}\nsdk: {self.settings.sdk}\n---\n".encode()
        tree = grown(self.history, None, {path: self.history.write(data) for path, data in held.items()}, ())
        first = self.history.add_commit(tree, (), author, "initial commit")
        self.history.move(MAIN, None, first)


def now() -> float:
    """Seconds since 1970."""
    return time.time()
