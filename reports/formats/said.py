"""What a finding says, in the words that every format for machines shares."""

from collections.abc import Iterable

from ...harness.codes import CODES
from ...harness.device import Device
from ...harness.result import Result
from ..findings import Group, sightings
from .escape import line


def title(code: str) -> str:
    """`SD201: an operation mixed devices`; the bare code where a stranger's check made it up."""
    return f"{code}: {CODES[code]}" if code in CODES else line(code)


def where(device: Device) -> str:
    """`cuda:0 (virtual)`: no device is named without that word."""
    return f"{line(device.name)} ({device.reality})"


def cell(result: Result) -> str:
    """One cell in words: `rope on cuda:0 (virtual), forward`."""
    return f"{line(result.target)} on {where(result.device)}, {line(result.check)}"


def what(entry: Group) -> str:
    """The message, and how many other wordings of it there are."""
    others = len(entry.messages) - 1
    return line(entry.messages[0]) + (f" ({others} more like it)" if others else "")


def seen(results: Iterable[Result]) -> str:
    """Where it was met: the first target, and on which devices by which checks."""
    results = tuple(results)
    targets = list(dict.fromkeys(result.target for result in results))
    more = len(targets) - 1
    who = line(targets[0]) + (f" and {more} more target{'s' * (more != 1)}" if more else "")
    places = [f"{device} by {', '.join(checks)}" for device, checks in sightings(results).items()]
    return f"{who}: on {line('; on '.join(places))}"
