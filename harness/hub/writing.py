"""A file is there whole, or not at all."""

import os
import tempfile
from pathlib import Path


def written(file: Path, text: str) -> None:
    """Write the text beside the file and rename it into place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    with os.fdopen(handle, "w") as opened:
        opened.write(text)
    os.replace(beside, file)
