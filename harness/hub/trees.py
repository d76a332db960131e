"""The files and folders of a commit, and the tree of the next one."""

import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dulwich.errors import NotTreeError
from dulwich.index import commit_tree
from dulwich.object_store import iter_tree_contents, tree_lookup_path
from dulwich.objects import ObjectID, Tree

from .history import History
from .refusals import Refusal, bad, no_entry

_FILE = 0o100644
_RESERVED = {"", ".", "..", ".git"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of a commit, and its git object."""

    path: str
    is_folder: bool
    oid: str


def entry(history: History, commit: str, path: str) -> Entry:
    """The entry at a path; refused where there is none."""
    if path == "":
        return Entry(path="", is_folder=True, oid=history.commit(commit).tree.decode())
    try:
        mode, oid = tree_lookup_path(history.objects.__getitem__, history.commit(commit).tree, path.encode())
    except (KeyError, NotTreeError):
        raise no_entry(path, commit) from None
    return Entry(path=path, is_folder=stat.S_ISDIR(mode), oid=oid.decode())


def file(history: History, commit: str, path: str) -> Entry:
    """The file at a path; a folder is none."""
    found = entry(history, commit, path)
    if found.is_folder:
        raise no_entry(path, commit)
    return found


def listed(history: History, commit: str, path: str, *, is_recursive: bool) -> Iterator[Entry]:
    """The entries below a folder, in git's order; the one entry where the path is a file."""
    top = entry(history, commit, path)
    if not top.is_folder:
        yield top
        return
    tree = history.objects[ObjectID(top.oid.encode())]
    assert isinstance(tree, Tree)
    for item in tree.iteritems():
        name = item.path.decode()
        whole = f"{path}/{name}" if path else name
        found = Entry(path=whole, is_folder=stat.S_ISDIR(item.mode), oid=item.sha.decode())
        yield found
        if is_recursive and found.is_folder:
            yield from listed(history, commit, whole, is_recursive=True)


def files(history: History, commit: str) -> dict[str, Entry]:
    """Every file of a commit by its path."""
    items = iter_tree_contents(history.objects, history.commit(commit).tree)
    entries = (Entry(path=item.path.decode(), is_folder=False, oid=item.sha.decode()) for item in items)
    return {found.path: found for found in entries}


def objects_at(history: History, commit: str, paths: Collection[str]) -> dict[str, str]:
    """Path -> git object, for those of the paths that the commit has."""
    everything = iter_tree_contents(history.objects, history.commit(commit).tree, include_trees=True)
    return {name: item.sha.decode() for item in everything if (name := item.path.decode()) in paths}


def changed(history: History, entries: Mapping[str, str], sha: str) -> dict[str, str]:
    """Path -> the newest commit, from `sha` back, that gave the path the object that it has there."""
    last, unsettled = dict.fromkeys(entries, sha), set(entries)
    for commit in history.ancestors(sha):
        there = objects_at(history, commit, unsettled)
        unsettled = {path for path in unsettled if there.get(path) == entries[path]}
        last.update(dict.fromkeys(unsettled, commit))
        if not unsettled:
            break
    return last


def grown(history: History, commit: str | None, added: Mapping[str, str], removed: Collection[str]) -> str:
    """The tree of the commit, or of nothing, with files added (path -> blob) and removed; returns its id."""
    items = iter_tree_contents(history.objects, history.commit(commit).tree if commit else None)
    flat = {item.path.decode(): (item.sha.decode(), item.mode) for item in items}
    for path in removed:
        flat.pop(path, None)
    for path, oid in added.items():
        flat[path] = (oid, flat[path][1] if path in flat else _FILE)
    _refuse_file_as_folder(flat)
    blobs = [(path.encode(), ObjectID(oid.encode()), mode) for path, (oid, mode) in flat.items()]
    return commit_tree(history.objects, blobs).decode()


def refuse_bad_path(path: str) -> None:
    """Refuse what cannot be a file's path in a repository."""
    parts = path.split("/")
    # A Windows client would take `..\\name` out of its folder; the real Hub refuses it at the beginning alone.
    is_out = path.startswith("..\\")
    if is_out or any(part in _RESERVED or part.lower() == ".git" for part in parts) or "\0" in path:
        raise Refusal(422, f"{path!r} is not a path in a repository")


def _refuse_file_as_folder(paths: Collection[str]) -> None:
    for path in paths:
        above = path.rpartition("/")[0]
        while above:
            if above in paths:
                raise bad(f"{above} is a file, so that {path} cannot be in it")
            above = above.rpartition("/")[0]
