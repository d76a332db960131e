"""How a worker ended that gave no answer, in the words of a report: signal or status, line, last words."""

import re
import signal
import sysconfig
from pathlib import Path

from ..blame import is_of_harness, is_of_target, shortened

# What faulthandler writes, innermost frame first.
_FRAME = re.compile(r'^  File "(.+)", line (\d+) in (.+)$', re.MULTILINE)
_LONGEST = 300
_STDLIB = Path(sysconfig.get_paths()["stdlib"])

_WHY = {
    signal.SIGKILL: "the system does that when memory runs out",
    signal.SIGSEGV: "code in C went astray, or the stack is full",
}


def died(code: int | None, output: str = "", stacks: str = "") -> str:
    """Why a worker is gone: its exit code as `multiprocessing` tells it, negative for a signal.

    `output` is the end of what it printed, `stacks` of what faulthandler wrote.
    """
    if code is None:
        how = "the process ended, and nobody knows how"
    elif code < 0:
        why = _WHY.get(-code)  # type: ignore[call-overload]
        how = f"the process was killed by {_name(-code)}" + (f" ({why})" if why else "")
    else:
        how = f"the process ended with exit status {code} in the middle of the cell"
    return how + _where(stacks) + _last_words(output)


def hung(seconds: float, output: str, stacks: str) -> str:
    """Why a worker was ended whose time was over."""
    return f"not done after {seconds:g} seconds (--timeout){_where(stacks)}{_last_words(output)}"


def swollen(held: int, allowed: int) -> str:
    """Why a worker was ended that took too much memory; bytes."""
    return f"the process held {held / 1e9:.2f} GB of memory, of {allowed / 1e9:.2f} GB that it may (--memory)"


def stack(stacks: str) -> str:
    """What faulthandler wrote, for a reader: the frames of the target, without ours below them."""
    lines = stacks.splitlines()
    ours = (i for i, line in enumerate(lines) if (found := _FRAME.match(line)) and is_of_harness(Path(found[1])))
    return "".join(f"{line}\n" for line in lines[: next(ours, len(lines))] if not line.startswith("Extension modules"))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _where(stacks: str) -> str:
    """The innermost line of the target that is at work in a stack; empty where there is none."""
    for file, line, _ in _FRAME.findall(stacks):
        if is_of_target(Path(file)) and not _is_stdlib(Path(file)):
            return f", at {shortened(Path(file))}:{line}"
    return ""


def _is_stdlib(file: Path) -> bool:
    return file.is_relative_to(_STDLIB) and not {"site-packages", "dist-packages"} & set(file.parts)


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"; its last words: {lines[-1][:_LONGEST]}" if lines else ""
