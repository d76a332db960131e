"""A folder together with what its files hold: what the questions of the audit are asked about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import json_text
from .contents import Contents, Tensor
from .folder import File, Folder
from .json_text import Parsed
from .pointers import pointer
from .reading import read

# A tokenizer.json of 20 MB is usual; beyond this a JSON file is data and is not looked into.
LONGEST_JSON = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One folder: its files of tensors and its JSON files, by their names without the folder.

    `depth` is False where tensor data must not be read.
    """

    folder: Folder
    contents: dict[str, Contents]
    json: dict[str, Parsed]
    depth: bool = False
    unread: dict[str, str] = field(default_factory=dict)

    def file(self, base: str) -> File | None:
        """The file of that name; None where there is none."""
        return self.folder.file(base)

    def object(self, base: str) -> dict[str, Any] | None:
        """A JSON file that holds an object; None where it is absent or holds something else."""
        parsed = self.json.get(base)
        return parsed.value if parsed is not None and isinstance(parsed.value, dict) else None

    def tensors(self, bases: Iterable[str]) -> dict[str, tuple[str, Tensor]]:
        """The tensors of several files by name, each with its file; the first file wins."""
        found: dict[str, tuple[str, Tensor]] = {}
        for base in bases:
            for tensor in self.contents[base].tensors if base in self.contents else ():
                found.setdefault(tensor.name, (base, tensor))
        return found


def snapshot(folder: Folder, *, depth: bool) -> Snapshot:
    """Read the headers and the JSON files of a folder."""
    contents, texts, unread = {}, {}, {}
    for file in folder.files:
        found = read(file)
        if found is not None:
            contents[file.base] = found
        elif file.suffix == ".json" and 0 < file.size <= LONGEST_JSON:
            try:
                if pointer(file) is None:
                    texts[file.base] = json_text.parse(file.path.read_bytes())
            except OSError as refusal:
                unread[file.base] = refusal.strerror or str(refusal)
    return Snapshot(folder=folder, contents=contents, json=texts, depth=depth, unread=unread)
