"""Stale suppressions: those that silenced nothing in a run that asked all that they could be for."""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from ..device import Device
from ..finding import Finding, Location, Severity
from ..result import Result
from ..suppression import Comment, Entry
from .asked import Asked


def stale(results: Sequence[Result], entries: Sequence[Entry], asked: Asked) -> Iterator[tuple[str, Finding]]:
    """What is stale, each with the first target that it was for. The results are settled already.

    A comment is known by standing in a class of a model that was built (`Result.met`), and every model that has it
    must have been asked; an entry by the targets that it names.
    """
    used = {(one.place, one.finding.code) for result in results for one in result.suppressed}
    met: dict[Comment, dict[str, None]] = {}
    for result in results:
        for comment in result.met:
            met.setdefault(comment, {})[result.target] = None
    for comment, targets in met.items():
        for code in () if comment.flaw else comment.codes:
            if (comment.place, code) not in used and all(asked.is_answered(target, code) for target in targets):
                yield next(iter(targets)), _finding(comment.place, code, "delete the comment")
    for entry in entries:
        if (entry.place, entry.code) not in used and (target := _answered(entry, results, asked)):
            yield target, _finding(entry.place, entry.code, "delete the entry")


def meant(entry: Entry, target: str, device: Device) -> bool:
    """Whether an entry holds for a target and a device, such as `cuda`, `cuda:1` or `virtual:*`."""
    if entry.target is not None and entry.target != target and not fnmatchcase(target, entry.target):
        return False
    names = (device.name, device.kind, f"{device.reality}:{device.name}", f"{device.reality}:{device.kind}")
    return entry.device is None or any(fnmatchcase(name, entry.device) for name in names)


def _answered(entry: Entry, results: Iterable[Result], asked: Asked) -> str | None:
    """The first target that an entry is for, where all of them were asked all that it could be for."""
    targets = dict.fromkeys(result.target for result in results if meant(entry, result.target, result.device))
    for target in targets:
        here = None if entry.device is None else [d for d in asked.devices(target) if meant(entry, target, d)]
        if not asked.is_answered(target, entry.code, here):
            return None
    return next(iter(targets), None)


def _finding(place: Location, code: str, mend: str) -> Finding:
    return Finding(
        code="SD901",
        severity=Severity.WARNING,
        message=f"a suppression of {code} silences nothing: every check that can report it was made, and none did here",
        subject=code,
        origin=place,
        hint=mend,
    )
