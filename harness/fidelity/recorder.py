"""The recorder: asks a device about every subject and keeps its answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from ..device import Device
from ..devices import absence, resolve
from ..environment import here
from ..errors import UsageError
from . import journal
from .asking import Omission, Request
from .crew import shared
from .process import Ended, Worker
from .recording import Header, Recording
from .row import Row
from .subjects import OPERATORS, PROGRAMS_PREFIX, spread

# What PyTorch's OpInfo database imports beside PyTorch itself.
NEEDED = ("expecttest", "numpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to record: the device, the file, patterns of subjects (none = all), how many of them at most, and with
    how many workers."""

    device: Device
    file: str
    patterns: tuple[str, ...] = ()
    limit: int | None = None
    resume: bool = False
    workers: int = 1


def device_of(word: str) -> Device:
    """The device of a word, which must be there: only `virtual:` asks for a virtual one. Raises `UsageError`."""
    device = resolve(word)
    if device.kind == "cpu":
        raise UsageError("a recording needs a device beside the CPU, such as cuda:0 or mps")
    why = absence(Device(kind=device.kind, index=device.index))
    if why and not word.startswith("virtual:"):
        raise UsageError(f"{why}: record where it is, or try everything out with --device virtual:{device.name}")
    return device


def record(wish: Wish, shown: Callable[[Sequence[str]], Iterable[str]]) -> Recording:
    """Record all that is wished, and write the file.

    `shown` passes the subjects on while it tells somebody how far we are. What is there survives an
    interruption in the journal. Raises `UsageError`.
    """
    refuse_missing(wish.patterns)
    word = f"{wish.device.reality}:{wish.device.name}"
    about, names = _asked(word, {"about": True}, {"patterns": wish.patterns})
    if not names["names"]:
        raise UsageError(f"nothing matches {', '.join(wish.patterns)}: try 'ops/add', 'nn.functional.*', 'programs/*'")
    chosen = spread(names["names"], wish.limit)
    begun = journal.begin(wish.file, _header(wish, about), resume=wish.resume)
    done = _keys(begun.rows)
    requests = (Request(subject=name, done=done.get(name, frozenset())) for name in shown(chosen))
    rows, omitted = list(begun.rows), {}
    for one in journal.append(wish.file, shared(lambda: Worker(word), requests, wish.workers)):
        if isinstance(one, Omission):
            omitted[one.subject] = one.reason
        else:
            rows.append(one)
    order = {name: position for position, name in enumerate(names["names"])}
    rows.sort(key=lambda row: (order.get(row.call.subject, len(order)), row.call.dtype != "float32"))
    finished = replace(begun, header=_header(wish, about), rows=tuple(rows), omitted=omitted)
    journal.finish(wish.file, finished)
    return finished


def refuse_missing(patterns: Sequence[str]) -> None:
    """Raise `UsageError` where the operators are asked for and what PyTorch's own tests need is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing and not (patterns and all(pattern.startswith(PROGRAMS_PREFIX) for pattern in patterns)):
        raise UsageError(
            f"PyTorch's OpInfo database needs {' and '.join(missing)}: pip install 'samedevice[fidelity]', "
            f"or leave {OPERATORS} out with --only '{PROGRAMS_PREFIX}*'"
        )


def _asked(word: str, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    worker = Worker(word)
    try:
        return [next(worker.ask(request)) for request in requests]
    except Ended as ended:
        raise UsageError(f"cannot use {word}: {ended}") from ended
    finally:
        worker.close()


def _header(wish: Wish, about: dict[str, Any]) -> Header:
    machine = here()
    limited = () if wish.limit is None else (f"at most {wish.limit} subjects",)
    return Header(
        device=wish.device,
        model=about["model"],
        versions={
            "torch": about["torch"],
            "cuda": about["cuda"],
            "samedevice": machine.samedevice,
            "python": machine.python,
            "platform": machine.platform,
            "git": machine.git,
        },
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        selection=", ".join((*wish.patterns, *limited)),
    )


def _keys(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.call.subject, set()).add(row.call.key)
    return {subject: frozenset(keys) for subject, keys in found.items()}
