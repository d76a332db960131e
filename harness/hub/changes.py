"""What a commit does: lines of JSON, read and applied to a branch."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .attributes import NAME, Rules, line
from .contents import Contents
from .history import Author, History
from .pointer import Pointer
from .refusals import Refusal, bad
from .trees import Entry, files, grown, refuse_bad_path
from .words import an_object, an_object_in, base64_in, text

_STALE = "The branch was updated since you opened this page. Please refresh and try again."


@dataclass(slots=True, kw_only=True)
class Changes:
    """A title and text, the commit that it was made for, and the operations in order."""

    message: str = "Upload with huggingface_hub"
    parent: str | None = None
    operations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def read(body: bytes) -> Changes:
    """Read newline-delimited JSON."""
    changes = Changes()
    for row in body.splitlines():
        if not row.strip():
            continue
        one = an_object(row, "a line of the commit")
        key, value = one.get("key"), an_object_in(one, "value")
        if key == "header":
            parts = (str(value.get("summary") or changes.message), str(value.get("description") or ""))
            changes.message = "\n\n".join(part for part in parts if part)
            changes.parent = text(value, "parentCommit") or None
        else:
            changes.operations.append((str(key), value))
    return changes


@dataclass(slots=True, kw_only=True)
class Draft:
    """The files that the next commit adds (path -> blob) and removes."""

    history: History
    contents: Contents
    commit: str
    present: dict[str, Entry]
    added: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    def take(self, key: str, value: dict[str, Any]) -> None:
        """Apply one operation."""
        path = text(value, "path")
        if key == "file":
            self.add(path, self.history.write(base64_in(value, "content")))
        elif key == "lfsFile":
            self.add(path, self.history.write(self._pointer(path, value).text()))
        elif key in ("deletedFile", "deletedFolder"):
            # Either word removes either: the client does not always know which it is.
            name = path.rstrip("/")
            self.remove([one for one in self.present if one == path or one.startswith(f"{name}/")], path)
        else:
            raise bad(f"{key!r} is no operation of a commit")

    def add(self, path: str, blob: str) -> None:
        """Put a blob at a path."""
        refuse_bad_path(path)
        self.added[path] = blob
        self.removed.discard(path)

    def remove(self, paths: Iterable[str], asked: str) -> None:
        """Take files away; refused where none is there."""
        there = {path for path in paths if path in self.present}
        if not there:
            message = f"A file with this name doesn't exist: {asked}"
            raise Refusal(404, message, "EntryNotFound", headers={"X-Repo-Commit": self.commit})
        self.removed |= there

    def declare_large(self) -> None:
        """Give each large file that no rule sends to LFS a line in .gitattributes."""
        rules = Rules(self.history, self.commit)
        pointers = [path for path, blob in self.added.items() if self.history.stored(blob).pointer]
        if lines := b"".join(line(path) for path in pointers if not rules.is_lfs(path)):
            blob = self.added.get(NAME) or (self.present[NAME].oid if NAME in self.present else None)
            before = self.history.blob(blob) if blob else b""
            self.added[NAME] = self.history.write(before + (b"\n" if before[-1:] not in (b"", b"\n") else b"") + lines)

    def _pointer(self, path: str, value: dict[str, Any]) -> Pointer:
        oid = str(value.get("oid"))
        size = self.contents.size(oid)
        if size is None or value.get("size", size) != size:
            raise bad(f"LFS pointer {path} points to {oid}, which was not uploaded or has another size")
        return Pointer(sha256=oid, size=size)


def head_for(history: History, ref: str, changes: Changes) -> str:
    """The head that the commit goes on; refused with 412 where another came in between."""
    head = history.target(ref)
    assert head is not None
    if changes.parent and history.resolve(changes.parent) != head:
        raise Refusal(412, _STALE)
    return head


def applied(history: History, contents: Contents, head: str, changes: Changes, author: Author) -> str:
    """The commit with the changes; no ref is moved."""
    draft = Draft(history=history, contents=contents, commit=head, present=files(history, head))
    for key, value in changes.operations:
        draft.take(key, value)
    draft.declare_large()
    tree = grown(history, head, draft.added, draft.removed)
    return history.add_commit(tree, (head,), author, changes.message)
