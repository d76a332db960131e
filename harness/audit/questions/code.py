"""Does the checkpoint bring code along that `trust_remote_code=True` would run?"""

from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..snapshot import Snapshot

_READ = "read the code first, and pin the revision that you read"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """`auto_map` of every config, and the files that it names."""
    for base, parsed in snapshot.json.items():
        told = parsed.value.get("auto_map") if isinstance(parsed.value, dict) else None
        if told is None:
            continue
        name = snapshot.folder.inside(base)
        paths = list(_paths(told))
        if paths:
            what = (
                f"`auto_map` in {flaw.quoted(name)} names code that `trust_remote_code=True` runs: {flaw.some(paths)}"
            )
            yield flaw.note("SD740", name, what, _READ)
        gone = [path for path in paths if "--" not in path and snapshot.file(f"{path.split('.')[0]}.py") is None]
        if gone:
            what = f"`auto_map` in {flaw.quoted(name)} names {flaw.some(gone)}, whose file is not there"
            yield flaw.warning("SD740", name, what, "copy the .py file as well")


def _paths(told: Any) -> Iterator[str]:
    """The classes that an auto_map names; a tokenizer's entry is a pair, either of which may be null."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for part in told.values():
            yield from _paths(part)
    elif isinstance(told, list):
        for part in told:
            if isinstance(part, str):
                yield part
