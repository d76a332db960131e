"""Is a pipeline whole? diffusers and sentence-transformers name their parts in one file and keep them in folders."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from ...finding import Finding
from .. import flaw
from ..snapshot import Snapshot
from ..zip_archive import leaves

_HINT = "copy or download the folder as well"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The folders that `model_index.json` and `modules.json` name."""
    for base, parsed in snapshot.json.items():
        parts = list(_parts(base, parsed.value))
        name = snapshot.folder.inside(base)
        outside = [part for part in parts if leaves(part)]
        if outside:
            what = f"{flaw.quoted(name)} names {flaw.some(outside)}, outside of the folder"
            yield flaw.error("SD705", name, what, "do not load it")
        gone = [
            part for part in parts if not leaves(part) and not (snapshot.folder.path / PurePosixPath(part)).is_dir()
        ]
        if gone:
            what = f"{flaw.quoted(name)} names the parts {flaw.some(gone)}, which are not there"
            yield flaw.error("SD758", name, what, _HINT)


def _parts(base: str, told: Any) -> Iterator[str]:
    if base == "model_index.json" and isinstance(told, dict):
        for part, made_of in told.items():
            # [library, class]; a part that is switched off has null in both places.
            pair = isinstance(made_of, list) and len(made_of) == 2
            if not part.startswith("_") and pair and all(isinstance(word, str) for word in made_of):
                yield part
    elif base == "modules.json" and isinstance(told, list):
        for one in told:
            # The transformer of older ones lies in the folder itself: its path is empty.
            if isinstance(one, dict) and isinstance(one.get("type"), str) and isinstance(one.get("path"), str):
                yield one["path"]
