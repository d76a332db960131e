"""The large files of a repository: which there are, in every commit of every ref."""

from dataclasses import dataclass

from dulwich.diff_tree import tree_changes

from .history import History
from .pointer import Pointer
from .repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeFile:
    """A file by its sha256, and where it came first: path, git blob, commit, and the ref that leads there."""

    pointer: Pointer
    path: str
    blob: str
    commit: str
    ref: str


def large_files(repository: Repository) -> dict[str, LargeFile]:
    """Sha256 -> file, in the order of their commits, but for those that were deleted for good.

    A file that several refs have belongs to the first: main, then the other branches, pull requests and tags.
    """
    history, seen = repository.history, set[str]()
    found: dict[str, LargeFile] = {}
    for ref, head in history.everything().items():
        for commit in history.older_first(head, seen):
            for path, blob in _brought(history, commit):
                pointer = history.stored(blob).pointer
                if pointer and pointer.sha256 not in repository.settings.purged:
                    one = LargeFile(pointer=pointer, path=path, blob=blob, commit=commit, ref=ref)
                    found.setdefault(pointer.sha256, one)
    return found


def _brought(history: History, sha: str) -> list[tuple[str, str]]:
    """Path and blob of what a commit has and its first parent does not."""
    commit = history.commit(sha)
    before = history.commit(commit.parents[0].decode()).tree if commit.parents else None
    changes = tree_changes(history.objects, before, commit.tree)
    new = [change.new for change in changes if change.new is not None]
    return [(one.path.decode(), one.sha.decode()) for one in new if one.path is not None and one.sha is not None]
