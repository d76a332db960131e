"""What to say about an exception that ended a cell: one line, and whether the defect is ours."""

import sys
from pathlib import Path
from traceback import walk_tb

from .errors import SamedeviceError

_HERE = Path(__file__).resolve().parent
_PACKAGE = _HERE.parent
_VIRTUAL = _HERE / "virtual"
_LONGEST = 500

# Modules that only hand over to code of the target: what raises in them is the target's.
_THRESHOLD = frozenset(
    _HERE / name for name in ("script.py", "recipe.py", "loading.py", "pretrained.py", "suppressing/met.py")
)

# Opens the reason of a cell that our own code broke, so that a reader of the report can tell.
OURS = "samedevice itself broke: "


def account(error: BaseException) -> str:
    """`TypeName: message (file:line)`, the line being the innermost outside PyTorch and the virtual device.

    For our own errors the message alone, since it already says where; for a defect of ours `OURS` goes before.
    """
    message = " ".join(said(error).split())
    if len(message) > _LONGEST:
        message = message[: _LONGEST - 1] + "…"
    if isinstance(error, SamedeviceError):
        return message
    place = _place(error)
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return (OURS if is_ours(error) else "") + text + (f" ({place})" if place else "")


def is_ours(error: BaseException) -> bool:
    """True where a line of the harness or a suite raised.

    The virtual device does not count, since every operation of the target passes through it, nor
    does `models/`, which holds targets.
    """
    files = [file for file, _ in _frames(error) if not file.is_relative_to(_VIRTUAL)]
    if not files or files[-1] in _THRESHOLD:
        return False
    return any(files[-1].is_relative_to(_PACKAGE / ours) for ours in ("harness", "suites"))


def said(error: BaseException) -> str:
    """What an exception says, cut before anybody goes through it: some are of megabytes, and some raise themselves."""
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)[: 8 * _LONGEST]
    except Exception as worse:
        return f"its message raises {type(worse).__name__}"


def is_of_target(file: Path) -> bool:
    """True where a line of this file may be to blame: it is neither of PyTorch, nor of the harness, nor made up."""
    return _is_outside(file, _HERE)


def is_of_harness(file: Path) -> bool:
    """True for a file of this package's own machinery, but the virtual device's, which every operation goes through."""
    return file.is_relative_to(_HERE) and not file.is_relative_to(_VIRTUAL)


def shortened(file: Path) -> str:
    """The path as a reader wants it: from the working directory, where it lies in it."""
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def _place(error: BaseException) -> str | None:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shortened(Path(error.filename))}:{error.lineno}"
    ours = _VIRTUAL if is_ours(error) else _HERE
    for file, line in reversed(_frames(error)):
        if _is_outside(file, ours):
            return f"{shortened(file)}:{line}"
    return None


def _is_outside(file: Path, ours: Path) -> bool:
    return not str(file).startswith("<") and not any(file.is_relative_to(folder) for folder in (ours, *_torch()))


def _frames(error: BaseException) -> list[tuple[Path, int]]:
    return [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]


def _torch() -> list[Path]:
    file = getattr(sys.modules.get("torch"), "__file__", None)
    return [Path(file).parent] if file else []
