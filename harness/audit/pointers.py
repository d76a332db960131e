"""Is the file itself here, or only a pointer to it? A clone without Git LFS or git-annex has pointers of 130 bytes."""

from ..finding import Finding
from . import flaw
from .folder import File

_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = (b"/annex/objects/", b"../.git/annex/objects/", b".git/annex/objects/")
_LONGEST = 2048


def pointer(file: File) -> Finding | None:
    """The finding where a file of any kind is a pointer of Git LFS or git-annex."""
    if file.size > _LONGEST:
        return None
    head = file.path.read_bytes()
    if head.startswith(_LFS):
        size = next((line[5:].decode("latin-1") for line in head.split(b"\n") if line.startswith(b"size ")), "unknown")
        what = f"{flaw.quoted(file.name)} is a Git LFS pointer, and not the file of {size} bytes that it points to"
        return flaw.error("SD702", file.name, what, f"git lfs pull --include {flaw.quoted(file.base)[1:-1]}")
    if head.startswith(_ANNEX):
        what = f"{flaw.quoted(file.name)} is a git-annex pointer, and not the file that it points to"
        return flaw.error("SD702", file.name, what, f"git annex get {flaw.quoted(file.base)[1:-1]}")
    return None
