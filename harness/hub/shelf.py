"""All repositories, found by kind and id whatever the case of its letters, also by a name that they had before."""

import json
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .refusals import Refusal, bad
from .repository import Repository
from .writing import written

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")


class Shelf:
    """The repositories of a store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = folder / "moved.json"
        self._moved: dict[str, str] = json.loads(self._names.read_text()) if self._names.exists() else {}
        opened = (Repository.read(path) for path in Repository.folders(folder))
        self._all = {_key(one.settings.kind, one.identifier): one for one in opened}
        self.lock = threading.RLock()

    def __iter__(self) -> Iterator[Repository]:
        with self.lock:
            return iter(list(self._all.values()))

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing is committed to any repository meanwhile, and none comes or goes."""
        with self.lock, ExitStack() as held:
            for repository in self:
                held.enter_context(repository.lock)
            yield

    def find(self, kind: str, identifier: str) -> Repository | None:
        """The repository that has that name now."""
        return self._all.get(_key(kind, identifier))

    def moved(self, kind: str, identifier: str) -> Repository | None:
        """The repository that had that name once."""
        key = _key(kind, identifier)
        while key in self._moved:
            key = self._moved[key]
            if key in self._all:
                return self._all[key]
        return None

    def folder(self, kind: str, identifier: str) -> Path:
        """Where a repository of that name is kept; refused where the name is none."""
        namespace, _, name = identifier.partition("/")
        if not all(_NAME.fullmatch(word) for word in (namespace, name)) or "--" in name or ".." in name:
            raise bad(f"{identifier!r} is not a repository's name: letters, digits, -, _ and . up to 96")
        return self._folder / kind / namespace.lower() / f"{name.lower()}.git"

    def add(self, repository: Repository) -> None:
        """Put a new one up."""
        key = _key(repository.settings.kind, repository.identifier)
        with self.lock:
            self._all[key] = repository
            if self._moved.pop(key, None):
                self._keep()

    def remove(self, repository: Repository) -> None:
        """Take one down, with its files."""
        with self.lock, repository.lock:
            del self._all[_key(repository.settings.kind, repository.identifier)]
            shutil.rmtree(repository.folder)

    def rename(self, repository: Repository, identifier: str) -> Repository:
        """Give one another name; the old one leads to it from then on."""
        kind = repository.settings.kind
        with self.lock, repository.lock:
            if self.find(kind, identifier):
                raise Refusal(409, f"A {kind[:-1]} repository called {identifier} already exists")
            target = self.folder(kind, identifier)
            target.parent.mkdir(parents=True, exist_ok=True)
            old = _key(kind, repository.identifier)
            repository.settings.identifier = identifier
            repository.keep()
            repository.folder.rename(target)
            renamed = Repository.read(target)
            del self._all[old]
            self.add(renamed)
            self._moved[old] = _key(kind, identifier)
            self._keep()
        return renamed

    def _keep(self) -> None:
        written(self._names, json.dumps(self._moved))


def _key(kind: str, identifier: str) -> str:
    return f"{kind}/{identifier}".lower()
