"""Collections: named lists of repositories and of other collections, kept in one file."""

import json
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .refusals import Refusal
from .repository import now
from .writing import written

_LAST = re.compile(r"-([0-9a-f]{24})$")


@dataclass(slots=True, kw_only=True)
class Item:
    """What is in a collection: `name` is a repository's id, or the key of another collection."""

    key: str
    kind: str
    name: str
    note: str | None = None


@dataclass(slots=True, kw_only=True)
class Collection:
    """A collection; `key` is what its changing address ends with, `updated` seconds since 1970."""

    key: str
    owner: str
    title: str
    is_private: bool = False
    description: str | None = None
    theme: str = "orange"
    position: int = 0
    updated: float = 0.0
    items: list[Item] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Its address: the owner, the title in plain letters, and the key."""
        plain = unicodedata.normalize("NFKD", self.title).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        return f"{self.owner}/{words}-{self.key}" if words else f"{self.owner}/-{self.key}"

    def item(self, key: str) -> Item:
        """The item of that key; refused where there is none."""
        found = next((item for item in self.items if item.key == key), None)
        if found is None:
            raise Refusal(404, "Item not found in the collection")
        return found


class Collections:
    """All collections of a store; whoever changes one holds `lock`, and calls `keep`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        kept = json.loads(file.read_text()) if file.exists() else []
        made = [Collection(**{**one, "items": [Item(**item) for item in one["items"]]}) for one in kept]
        self._all = {one.key: one for one in made}
        self.lock = threading.RLock()

    def __iter__(self) -> Iterator[Collection]:
        with self.lock:
            return iter(list(self._all.values()))

    def find(self, word: str) -> Collection | None:
        """By its address, whatever its title was then, or by its key alone."""
        end = _LAST.search(word)
        return self._all.get(end[1] if end else word)

    def add(self, collection: Collection) -> None:
        """Keep a new one."""
        self._all[collection.key] = collection
        self.keep(collection)

    def remove(self, collection: Collection) -> None:
        """Forget one."""
        del self._all[collection.key]
        self._write()

    def keep(self, collection: Collection) -> None:
        """Write down what has changed."""
        collection.updated = now()
        self._write()

    def _write(self) -> None:
        written(self._file, json.dumps([asdict(one) for one in self._all.values()], indent=2))


def new_key() -> str:
    """Twenty-four hexadecimal digits."""
    return secrets.token_hex(12)
