"""The git side of one repository: bare, on disk, its refs moved by compare-and-swap."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tag, Tree
from dulwich.refs import Ref, check_ref_format
from dulwich.repo import Repo

from .pointer import LONGEST, Pointer, pointer_of
from .refusals import no_revision

HEADS, TAGS, PULLS = "refs/heads/", "refs/tags/", "refs/pr/"
MAIN = HEADS + "main"
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who commits."""

    name: str

    def line(self) -> bytes:
        """As git writes it."""
        return f"{self.name} <{self.name}@users.noreply.example.invalid>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a blob holds: its own size in bytes, and the pointer that it is, if it is one."""

    size: int
    pointer: Pointer | None

    @property
    def real_size(self) -> int:
        """The size of the file that a user gets."""
        return self.pointer.size if self.pointer else self.size


class History:
    """Objects and refs of one repository, with text for git's bytes."""

    def __init__(self, folder: Path, *, is_new: bool = False) -> None:
        self._repo = Repo.init_bare(folder, mkdir=True, default_branch=b"main") if is_new else Repo(str(folder))
        self.objects = self._repo.object_store
        self._stored: dict[str, Stored] = {}

    def refs(self, prefix: str) -> dict[str, str]:
        """Name without prefix -> commit, for heads, tags or pull requests; an annotated tag is followed."""
        under = self._repo.refs.as_dict(Ref(prefix.rstrip("/").encode()))
        return {name.decode(): self._peeled(sha).decode() for name, sha in sorted(under.items())}

    def everything(self) -> dict[str, str]:
        """Full name -> commit of every ref: main first, then the other branches, pull requests and tags."""
        found = {prefix + name: sha for prefix in (HEADS, PULLS, TAGS) for name, sha in self.refs(prefix).items()}
        return dict(sorted(found.items(), key=lambda item: item[0] != MAIN))

    def target(self, ref: str) -> str | None:
        """The commit of a full ref name, or None."""
        if not check_ref_format(Ref(ref.encode())):
            return None
        sha = self._repo.refs.as_dict().get(Ref(ref.encode()))
        return self._peeled(sha).decode() if sha else None

    def ref_of(self, revision: str) -> str | None:
        """The full name of the branch, tag or pull request that the word means."""
        names = [revision] if revision.startswith("refs/") else [HEADS + revision, TAGS + revision]
        return next((name for name in names if self.target(name)), None)

    def resolve(self, revision: str) -> str:
        """The commit that a branch, tag, pull request, full or short commit means."""
        if ref := self.ref_of(revision):
            return cast(str, self.target(ref))
        if _COMMIT.fullmatch(revision):
            prefix = revision.encode()
            found = [ObjectID(prefix)] if len(prefix) == 40 else list(self.objects.iter_prefix(prefix))
            commits = [sha for sha in found if sha in self.objects and isinstance(self._repo[sha], Commit)]
            if len(commits) == 1:
                return commits[0].decode()
        raise no_revision(revision)

    def move(self, ref: str, old: str | None, new: str) -> bool:
        """Point the ref at `new` if it still points at `old`; None means that it must not exist."""
        name, target = Ref(ref.encode()), ObjectID(new.encode())
        if old is None:
            return self._repo.refs.add_if_new(name, target)
        return self._repo.refs.set_if_equals(name, self._raw(ref), target) if self.target(ref) == old else False

    def repoint(self, ref: str, new: str) -> None:
        """Point a ref at another commit whatever it pointed at; an annotated tag is written anew for it."""
        raw = self._raw(ref)
        self._repo.refs.set_if_equals(Ref(ref.encode()), raw, self._tagged(raw, new))

    def remove(self, ref: str) -> None:
        """Forget a ref."""
        self._repo.refs.remove_if_equals(Ref(ref.encode()), None)

    def blob(self, sha: str) -> bytes:
        """The bytes of a blob."""
        return cast(Blob, self._repo[sha.encode()]).data

    def stored(self, sha: str) -> Stored:
        """Size and pointer of a blob."""
        if sha not in self._stored:
            blob = self._repo[sha.encode()]
            size = blob.raw_length()
            pointer = pointer_of(blob.as_raw_string()) if size <= LONGEST else None
            self._stored[sha] = Stored(size=size, pointer=pointer)
        return self._stored[sha]

    def write(self, data: bytes) -> str:
        """Keep the bytes as a blob."""
        return self._add(Blob.from_string(data))

    def commit(self, sha: str) -> Commit:
        """The commit object."""
        return cast(Commit, self._repo[sha.encode()])

    def root(self, sha: str) -> Tree:
        """The top tree of a commit."""
        return cast(Tree, self._repo[self.commit(sha).tree])

    def add_commit(self, tree: str, parents: tuple[str, ...], author: Author, message: str) -> str:
        """Keep a commit; no ref is moved."""
        commit = Commit()
        commit.tree = ObjectID(tree.encode())
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.author = commit.committer = author.line()
        commit.author_time = commit.commit_time = int(time.time())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.encode()
        return self._add(commit)

    def add_tag(self, name: str, sha: str, author: Author, message: str) -> str:
        """Keep an annotated tag; no ref is moved."""
        tag = Tag()
        tag.name, tag.object, tag.tagger = name.encode(), (Commit, ObjectID(sha.encode())), author.line()
        tag.message, tag.tag_time, tag.tag_timezone = message.encode() + b"\n", int(time.time()), 0
        return self._add(tag)

    def ancestors(self, sha: str) -> Iterator[str]:
        """The commit and its first parents, newest first."""
        following: str | None = sha
        while following:
            yield following
            parents = self.commit(following).parents
            following = parents[0].decode() if parents else None

    def older_first(self, sha: str, seen: set[str]) -> Iterator[str]:
        """The commit and all behind it that `seen` does not hold yet, parents before children; they go into `seen`."""
        waiting = [sha]
        while waiting:
            parents = (parent.decode() for parent in self.commit(waiting[-1]).parents)
            unseen = [] if waiting[-1] in seen else [parent for parent in parents if parent not in seen]
            if unseen:
                waiting += unseen
                continue
            done = waiting.pop()
            if done not in seen:
                seen.add(done)
                yield done

    def _add(self, made: ShaFile) -> str:
        self.objects.add_object(made)
        return made.id.decode()

    def _raw(self, ref: str) -> ObjectID:
        return self._repo.refs[Ref(ref.encode())]

    def _tagged(self, sha: ObjectID, commit: str) -> ObjectID:
        made = self._repo[sha]
        if not isinstance(made, Tag):
            return ObjectID(commit.encode())
        anew = cast(Tag, made.copy())
        anew.object = (Commit, ObjectID(commit.encode()))
        return ObjectID(self._add(anew).encode())

    def _peeled(self, sha: ObjectID) -> ObjectID:
        made = self._repo[sha]
        return self._peeled(made.object[1]) if isinstance(made, Tag) else sha
