"""Large files that are deleted for good: from the store, from every ref, and for whoever asks an old commit."""

from collections.abc import Collection

from dulwich.filter_branch import CommitFilter
from dulwich.index import commit_tree
from dulwich.object_store import iter_tree_contents
from dulwich.objects import ObjectID

from .history import History
from .hub import Hub
from .large_files import large_files
from .repository import Repository


def purge(hub: Hub, repository: Repository, digests: Collection[str], *, rewrites: bool) -> None:
    """Delete files by their sha256; where another repository has one too, it stays there.

    With `rewrites` every ref gets a history without their pointers; a commit that changed nothing else stays, with
    its message. Without it the pointers stay, and lead nowhere.
    """
    with hub.shelf.still():
        if rewrites:
            _note_new_names(repository, rewritten(repository.history, digests))
        repository.settings.purged = sorted({*repository.settings.purged, *digests})
        repository.keep()
        needed = {sha256 for one in hub.shelf for sha256 in large_files(one)}
        for sha256 in {*digests} - needed:
            hub.xet.forget(sha256)
            hub.contents.remove(sha256)


def take_back(repository: Repository, digests: Collection[str]) -> None:
    """Files that were committed again are no longer deleted."""
    kept = [sha256 for sha256 in repository.settings.purged if sha256 not in digests]
    if kept != repository.settings.purged:
        repository.settings.purged = kept
        repository.keep()


def rewritten(history: History, digests: Collection[str]) -> dict[str, str]:
    """Give every ref a history without the pointers to these files; returns old commit -> new, where they differ."""

    def without(tree: ObjectID, folder: str) -> ObjectID:
        items = list(iter_tree_contents(history.objects, tree))
        kept = [(one.path, one.sha, one.mode) for one in items if not _is_one(history, one.sha.decode(), digests)]
        return commit_tree(history.objects, kept) if len(kept) < len(items) else tree

    changed, seen, names = CommitFilter(history.objects, tree_filter=without), set[str](), {}
    for ref, head in history.everything().items():
        # Oldest first: left alone, the filter goes from the newest to its parents by recursion, and Python ends that.
        for commit in history.older_first(head, seen):
            new = changed.process_commit(ObjectID(commit.encode()))
            assert new is not None
            names[commit] = new.decode()
        if names[head] != head:
            history.repoint(ref, names[head])
    return {old: new for old, new in names.items() if old != new}


def _is_one(history: History, blob: str, digests: Collection[str]) -> bool:
    pointer = history.stored(blob).pointer
    return pointer is not None and pointer.sha256 in digests


def _note_new_names(repository: Repository, names: dict[str, str]) -> None:
    """Let discussions speak of the commits that are there now."""
    for one in repository.settings.discussions:
        one["merged"] = names.get(one["merged"], one["merged"])
        for event in one["events"]:
            if event["type"] == "commit":
                event["data"]["oid"] = names.get(event["data"]["oid"], event["data"]["oid"])
