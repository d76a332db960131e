"""Verifying: is a checkpoint still what its manifest says, tensor by tensor?"""

from collections.abc import Iterator
from typing import Any

from ..finding import Finding
from ..measure import Measure
from . import flaw, manifest
from .surveying import Survey

_TAKE_BACK = "copy the file again from where the manifest was written"
_ANEW = "if the change is meant: samedevice audit DIR --write-manifest"


def verify(found: Survey) -> Iterator[Finding | Measure]:
    """Compare a checkpoint with its manifest. Reads every byte, in pieces. Raises `UsageError` where there is none."""
    where = manifest.place(found)
    told = manifest.read(where)
    if isinstance(told, str):
        yield flaw.error("SD763", where.name, f"{flaw.quoted(where.name)} {told}", _ANEW)
        return
    present = manifest.describe(found)
    for name in sorted(told.keys() | present.keys()):
        if name not in present:
            tensors = told[name].get("tensors", {})
            of = f" with its tensors {flaw.some(tensors)}" if tensors else ""
            yield flaw.error("SD761", name, f"{flaw.quoted(name)} is missing{of}", _TAKE_BACK)
        elif name not in told:
            what = f"{flaw.quoted(name)} was added after the manifest was written"
            yield flaw.warning("SD762", name, what, f"delete it, or {_ANEW}")
        else:
            yield from _file(name, told[name], present[name])
    yield Measure(name="files_verified", value=len(told.keys() & present.keys()))
    yield Measure(name="tensors_verified", value=sum(len(one.get("tensors", {})) for one in present.values()))


def _file(name: str, told: dict[str, Any], present: dict[str, Any]) -> Iterator[Finding]:
    who = flaw.quoted(name)
    if told == present:
        return
    if "tensors" not in told or "tensors" not in present:
        of = (
            f": it holds no tensors that can be read any more, of {flaw.some(told['tensors'])}"
            if "tensors" in told
            else ""
        )
        sizes = (
            f"; {told.get('bytes')} bytes then, {present['bytes']} now" if told.get("bytes") != present["bytes"] else ""
        )
        yield flaw.error("SD760", name, f"{who} has changed{sizes}{of}", f"{_TAKE_BACK}; {_ANEW}")
        return
    before, now = told["tensors"], present["tensors"]
    missing, added = sorted(before.keys() - now.keys()), sorted(now.keys() - before.keys())
    if missing:
        yield flaw.error("SD761", name, f"{who} has lost its tensors {flaw.some(missing)}", _TAKE_BACK)
    if added:
        yield flaw.error("SD762", name, f"{who} has new tensors: {flaw.some(added)}", _TAKE_BACK)
    changed = [(key, _difference(before[key], now[key])) for key in sorted(before.keys() & now.keys())
               if before[key] != now[key]]  # fmt: skip
    if changed:
        yield flaw.error("SD760", name, flaw.first_of(name, changed), f"{_TAKE_BACK}; {_ANEW}")
    if told.get("rest") != present["rest"] and not (missing or added):
        what = f"{who} has changed outside of its tensors: in its header, names or padding"
        yield flaw.error("SD760", name, what, f"{_TAKE_BACK}; {_ANEW}")


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str:
    parts = [f"{word} was {flaw.quoted(before.get(word))} and is {flaw.quoted(now.get(word))}"
             for word in ("dtype", "shape", "view") if before.get(word) != now.get(word)]  # fmt: skip
    return f"has changed: {'; '.join(parts)}" if parts else "has other bytes"
