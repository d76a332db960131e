"""The pre-commit hook: audit the checkpoints of staged files. `python -m samedevice.harness.ci.staged FILE ...`."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..cli import main as samedevice

# What makes the folder of a file a checkpoint that only makes sense as a whole.
_WHOLE = ("config.json", "adapter_config.json", "model_index.json")


def main(words: Sequence[str] | None = None) -> int:
    """Audit each checkpoint once; ends with the worst exit code, 1 before 2 and what was not checked."""
    codes = [samedevice(["audit", str(path)]) for path in checkpoints(sys.argv[1:] if words is None else words)]
    return next((code for code in (3, 1, 2, 4) if code in codes), 0)


def checkpoints(files: Iterable[str]) -> Iterator[Path]:
    """The folders that hold a whole checkpoint, and files that stand alone, each once."""
    seen: dict[Path, None] = {}
    for file in map(Path, files):
        folder = file.parent
        is_whole = any((folder / name).is_file() for name in _WHOLE) or any(folder.glob("*.index.json"))
        seen[folder if is_whole else file] = None
    yield from seen


if __name__ == "__main__":
    sys.exit(main())
