"""Is every file here, whole, and the only one of its name?"""

import re
from collections.abc import Iterator

from ...finding import Finding
from .. import flaw
from ..folder import File, Link
from ..pointers import pointer
from ..shipped import of_code
from ..snapshot import Snapshot

_UNFINISHED = re.compile(r"\.(incomplete|tmp|temp|part|partial|crdownload|download|swp)$|~$", re.IGNORECASE)
_LOCK = re.compile(r"\.lock$", re.IGNORECASE)
_TEMPORARY_FOLDER = re.compile(r"^tmp[-_]checkpoint")
# Files that mean nothing when they are empty.
_TEXTS = {".json", ".jsonl", ".model", ".metadata", ".distcp", ".gguf", ".msgpack", ".onnx", ".jinja", ".txt"}
_MAY_BE_EMPTY = {"merges.txt", "requirements.txt"}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Empty and unreadable files, pointers, unfinished writes, names that differ in case, links that leave."""
    for name, why in snapshot.folder.strange:
        link = next((one for one in snapshot.folder.links if one.name == name), None)
        yield _annexed(link) if link is not None and ".git/annex/" in link.target else _strange(name, why)
    for base, why in snapshot.unread.items():
        yield _strange(snapshot.folder.inside(base), f"cannot be read: {why}")
    for file in snapshot.folder.files:
        yield from _file(snapshot, file)
    yield from _links(snapshot)
    yield from _same_but_for_case(snapshot)
    if _TEMPORARY_FOLDER.match(snapshot.folder.name.rpartition("/")[2]):
        what = f"{flaw.quoted(snapshot.folder.name)} is a checkpoint whose write was not finished"
        yield flaw.warning("SD703", snapshot.folder.name, what, "delete it, and resume from an earlier checkpoint")


def _strange(name: str, why: str) -> Finding:
    return flaw.error("SD701", name, f"{flaw.quoted(name)} {why}", "mend its permissions, or copy it again")


def _annexed(link: Link) -> Finding:
    what = f"{flaw.quoted(link.name)} is a link into git-annex, and the file that it points to is not here"
    return flaw.error("SD702", link.name, what, f"git annex get {link.name}")


def _file(snapshot: Snapshot, file: File) -> Iterator[Finding]:
    who = flaw.quoted(file.name)
    yield from of_code(file)
    kept_by_hub = ".cache/huggingface" in file.name
    if _UNFINISHED.search(file.base) or (_LOCK.search(file.base) and not kept_by_hub):
        what = f"{who} is what a write or download leaves that was not finished"
        yield flaw.warning("SD703", file.name, what, "let it finish, or delete the file and write or download again")
        return
    if file.base in snapshot.contents:
        return
    if file.size == 0:
        named = file.suffix in _TEXTS or file.base in _TEXTS
        if named and file.base not in _MAY_BE_EMPTY:
            yield flaw.error("SD701", file.name, f"{who} is empty", "copy or download the file again")
        return
    try:
        found = pointer(file)
    except OSError as refusal:
        yield _strange(file.name, f"cannot be read: {refusal.strerror}")
        return
    if found is not None:
        yield found


def _links(snapshot: Snapshot) -> Iterator[Finding]:
    gone = {name for name, _ in snapshot.folder.strange}
    for link in snapshot.folder.links:
        if link.outside and link.name not in gone and not _into_hub_cache(snapshot, link):
            what = f"{flaw.quoted(link.name)} is a link to {flaw.quoted(link.target)}, outside of the checkpoint"
            yield flaw.warning("SD705", link.name, what, "copy the file itself into the folder: cp --dereference")


def _into_hub_cache(snapshot: Snapshot, link: Link) -> bool:
    """True in the cache of huggingface_hub, where snapshots/REVISION/FILE links to blobs/SHA."""
    return link.resolved.parent.name == "blobs" and "snapshots" in snapshot.folder.root.absolute().parts


def _same_but_for_case(snapshot: Snapshot) -> Iterator[Finding]:
    alike: dict[str, list[str]] = {}
    for file in snapshot.folder.files:
        alike.setdefault(file.name.casefold(), []).append(file.name)
    for names in alike.values():
        if len(names) > 1:
            what = f"{flaw.some(names)} differ only in case: on macOS and Windows one overwrites the other"
            yield flaw.warning("SD704", names[0], what, "rename or delete one of them")
