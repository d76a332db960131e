"""What results were made with, so that a run that goes on later can tell whether they still hold."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

from .environment import Environment

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = ("harness", "models", "reports", "suites")


def made_with(environment: Environment, target: str | None = None, inputs: str | None = None) -> dict[str, str | None]:
    """Versions, and marks of the code: of this package, and of what a TARGET and an `--inputs` string name.

    A mark changes with the name, size or time of any file of the code; nothing is imported for it.
    """
    ours = [file for folder in _FOLDERS for file in (_PACKAGE / folder).rglob("*.*")]
    made = {
        "samedevice": environment.samedevice,
        "torch": environment.torch,
        "transformers": environment.transformers,
        "python": environment.python,
        "code of samedevice": _mark(file for file in ours if file.suffix in (".py", ".json", ".jsonl")),
    }
    for name, word in (("target", target), ("inputs", inputs)):
        if word is not None:
            made |= {name: word, f"code of the {name}": _mark(_files(word))}
    return made


def _files(word: str) -> Iterator[Path]:
    """The files that a TARGET string stands for: a script and its neighbours, a checkpoint, a package."""
    place, colon, _ = word.rpartition(":")
    path = Path(place if colon else word)
    if not colon:
        yield from path.glob("*")
    elif path.suffix == ".py" or path.name != place:
        yield from path.absolute().parent.glob("*.py")
    else:
        spec = _spec(place.partition(".")[0])  # of the outermost package: others would be imported for the answer
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from Path(folder).rglob("*.py")
        if spec and spec.origin:
            yield Path(spec.origin)


def _spec(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name)
    except ValueError:  # it was made by hand, or is `__main__`
        return None


def _mark(files: Iterable[Path]) -> str:
    marks = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue  # a link to nowhere, or "frozen"
        marks.append((str(file), stat.st_size, stat.st_mtime_ns))
    return sha256(repr(sorted(marks)).encode()).hexdigest()[:16]
