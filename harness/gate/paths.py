"""Paths that are the same on every machine."""

import os
from pathlib import Path


def portable(path: str) -> str:
    """A path, or a target that begins with one, as others can read it.

    Below the working directory it is relative to that; of an installed package it begins with the package; elsewhere
    the name alone is kept. With slashes on every system. What is no absolute path stays as it is.
    """
    inside = path.replace(os.sep, "/").rpartition("/site-packages/")[2]
    if inside != path.replace(os.sep, "/"):
        return inside
    if not os.path.isabs(path):
        return path
    here = Path.cwd()
    found = Path(path)
    return found.relative_to(here).as_posix() if found.is_relative_to(here) else found.name
