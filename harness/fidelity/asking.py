"""Asking: the rows of many subjects, one worker after another."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .process import Ended
from .row import Call, Ending, Outcome, Row, call_from_json, row_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The rows of one subject: those of the keys `wanted`, or all; without those of the keys `done`."""

    subject: str
    wanted: frozenset[str] | None = None
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A subject of which there are no further rows, and why."""

    subject: str
    reason: str


class Answering(Protocol):
    """What asks need of a worker."""

    def ask(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Replies, up to one with `end`; raises `Ended`."""
        ...

    def close(self) -> None:
        """End it."""
        ...


def answers(start: Callable[[], Answering], requests: Iterable[Request]) -> Iterator[Row | Omission]:
    """The rows of all requests in order. A worker that dies costs the row it was at, and another is started."""
    worker: Answering | None = None
    try:
        for request in requests:
            done = set(request.done)
            is_finished = False
            while not is_finished:
                worker = worker or start()
                is_finished, is_usable = yield from _attempt(worker, request, done)
                if not is_usable:
                    worker.close()
                    worker = None
    finally:
        if worker is not None:
            worker.close()


def _attempt(worker: Answering, request: Request, done: set[str]) -> Generator[Row | Omission, None, tuple[bool, bool]]:
    """Ask one worker. Returns whether the request is finished, and whether the worker can still be used."""
    begun: Call | None = None
    wanted = None if request.wanted is None else sorted(request.wanted)
    try:
        for reply in worker.ask({"subject": request.subject, "wanted": wanted, "done": sorted(done)}):
            if "begin" in reply:
                begun = call_from_json(reply["begin"])
            elif "row" in reply:
                row = row_from_json(reply["row"])
                begun = None
                done.add(row.call.key)
                yield row
                if reply["spoiled"]:
                    return False, False
            elif "omitted" in reply:
                yield Omission(subject=request.subject, reason=reply["omitted"])
    except Ended as ended:
        if begun is None:
            yield Omission(subject=request.subject, reason=str(ended))
            return True, False
        done.add(begun.key)
        yield Row(call=begun, outcome=Outcome(ending=Ending.CRASHED, message=str(ended)))
        return False, False
    return True, True
