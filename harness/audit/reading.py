"""What is in a file, by its first bytes and its ending. Nothing is unpickled, imported or run."""

from collections.abc import Iterator
from typing import BinaryIO

from ..finding import Finding
from . import flaw, safetensors_file, shipped, torch_legacy, torch_zip, zip_archive
from .contents import Contents
from .folder import File
from .pickles import walk_pickle
from .pointers import pointer
from .zip_archive import AGAIN

SAFETENSORS = {".safetensors", ".sft"}
# What torch, joblib, numpy and Keras write; others are listed and not looked into.
PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".keras", ".h5", ".hdf5"}
# Text, and data files of torch.distributed, which are several archives in one.
_NEVER = {".json", ".txt", ".md", ".py", ".model", ".jinja", ".jsonl", ".yaml", ".distcp", ".png", ".jpg", ".gguf"}
_TORCHS_OWN = ("pytorch_model", "adapter_model", "diffusion_pytorch_model", "optimizer", "scheduler", "training_args")


def read(file: File) -> Contents | None:
    """The contents of a file of tensors or pickles; None for other files."""
    if file.suffix not in SAFETENSORS | PICKLES:
        return _unnamed(file)
    if file.size == 0:
        return _only(file, "empty", [flaw.error("SD701", file.name, f"{flaw.quoted(file.name)} is empty", AGAIN)])
    try:
        found = pointer(file)
        if found is not None:
            return _only(file, "pointer", [found])
        if file.suffix in SAFETENSORS:
            return safetensors_file.read(file)
        with file.path.open("rb") as stream:
            return _of_pickles(file, stream)
    except OSError as refusal:
        what = f"{flaw.quoted(file.name)} cannot be read: {refusal.strerror or refusal}"
        return _only(file, "unread", [flaw.error("SD701", file.name, what, "mend its permissions, or copy it again")])


def _unnamed(file: File) -> Contents | None:
    """A pickle or torch archive under another ending, such as `best.pth.tar`; None for every other file."""
    if file.suffix in _NEVER:
        return None
    try:
        with file.path.open("rb") as stream:
            head = stream.read(4)
            if head[:1] == b"\x80" and head[1:2] in b"\2\3\4\5" and len(head) > 1:
                return _of_pickles(file, stream)
            if zip_archive.is_zip(head):
                archive = zip_archive.read(file, stream)
                return torch_zip.read(file, archive, stream) if archive.sound else None
    except OSError:
        return None  # the question about files tells
    return None


def _of_pickles(file: File, stream: BinaryIO) -> Contents:
    stream.seek(0)
    head = stream.read(4096)
    if zip_archive.is_zip(head):
        archive = zip_archive.read(file, stream)
        contents = torch_zip.read(file, archive, stream) if archive.sound else None
        if contents is not None:
            return contents
        findings = list(shipped.of_archive(file, archive, stream))
        return _only(file, "zip", findings, archive)
    if head[:1] == b"\x80" or file.suffix in {".pkl", ".pickle"}:
        stream.seek(0)
        if torch_legacy.is_legacy(stream, file.size):
            return torch_legacy.read(file, stream)
        return _only(file, "pickle", list(shipped.of_pickle(file, stream)))
    return _only(file, "other", list(_other(file, head, stream)))


def _other(file: File, head: bytes, stream: BinaryIO) -> Iterator[Finding]:
    if head.startswith(b"\x93NUMPY"):
        yield from shipped.of_array(file, head)
    elif head.startswith(b"\x89HDF\r\n\x1a\n"):
        yield from shipped.of_hdf5(file, stream)
    elif file.suffix == ".joblib" and head[:1] in (b"\x78", b"\x1f"):
        yield from shipped.of_compressed(file, stream)
    elif head[257:262] == b"ustar":
        what = f"{flaw.quoted(file.name)} is a tar archive, torch's format of 2016: its pickles were not looked into"
        yield flaw.error("SD735", file.name, f"{what}, and torch.load(weights_only=True) refuses it", AGAIN)
    elif _is_text_pickle(file, stream):
        yield from shipped.of_pickle(file, stream)
    elif file.suffix == ".bin" and not file.base.startswith(_TORCHS_OWN):
        what = f"{flaw.quoted(file.name)} is neither torch's nor a pickle, and was not looked into"
        yield flaw.note("SD755", file.name, what, "audit it with the tool of the format that it is in")
    else:
        what = f"{flaw.quoted(file.name)} starts with {head[:8]!r}: neither a zip archive nor a pickle"
        yield flaw.error("SD730", file.name, what, AGAIN)


def _is_text_pickle(file: File, stream: BinaryIO) -> bool:
    """True for pickles of protocol 0, which start with no magic number: they name something, or come to an end."""
    stream.seek(0)
    walk = walk_pickle(stream, file.size)
    return bool(walk.globals) or walk.problem is None


def _only(file: File, form: str, findings: list[Finding], archive: zip_archive.Archive | None = None) -> Contents:
    entries = archive.entries if archive is not None else ()
    return Contents(
        file=file.name, format=form, size=file.size, entries=entries, findings=tuple(findings), sound=not findings
    )
