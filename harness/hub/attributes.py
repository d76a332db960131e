"""Which files go to Git LFS, and which are ignored: by the repository's own .gitattributes and .gitignore."""

from io import BytesIO

from dulwich.attrs import GitAttributes, Pattern, parse_git_attributes
from dulwich.ignore import IgnoreFilter, read_ignore_patterns

from .history import History
from .refusals import Refusal
from .trees import file

LARGE, LARGE_BINARY = 10 << 20, 1 << 20
_PATTERNS = """
*.7z *.arrow *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.mlmodel *.model *.msgpack *.npy *.npz *.onnx *.ot
*.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors saved_model/**/* *.tar.* *.tar *.tflite *.tgz *.wasm *.xz
*.zip *.zst *tfevents*
"""
# What every new repository holds.
INITIAL = "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in _PATTERNS.split()).encode()
NAME = ".gitattributes"


class Rules:
    """The rules of one commit."""

    def __init__(self, history: History, commit: str) -> None:
        parsed = parse_git_attributes(BytesIO(_text(history, commit, NAME)))
        self._attributes = GitAttributes([(Pattern(pattern), values) for pattern, values in parsed])
        self._ignored = _text(history, commit, ".gitignore")

    def is_lfs(self, path: str) -> bool:
        """True where .gitattributes sends the path to LFS."""
        return self._attributes.match_path(path.encode()).get(b"filter") == b"lfs"

    def is_large(self, path: str, size: int, sample: bytes) -> bool:
        """True where the file must go to LFS: by its name, or by its size, for binaries a smaller one."""
        return size > 0 and (self.is_lfs(path) or size > (LARGE_BINARY if b"\0" in sample else LARGE))

    def is_ignored(self, path: str, given: str | None = None) -> bool:
        """True where a .gitignore, that of the upload before that of the repository, names the path."""
        text = self._ignored if given is None else given.encode()
        return bool(IgnoreFilter(read_ignore_patterns(BytesIO(text))).is_ignored(path))


def line(path: str) -> bytes:
    """The line that sends one file to LFS."""
    words = path.replace(" ", "[[:space:]]")
    return f"{words} filter=lfs diff=lfs merge=lfs -text\n".encode()


def _text(history: History, commit: str, path: str) -> bytes:
    try:
        return history.blob(file(history, commit, path).oid)
    except Refusal:
        return b""
