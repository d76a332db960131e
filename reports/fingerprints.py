"""What makes a finding the same finding tomorrow: not its line number, nor the machine."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256

from ..harness.finding import Location
from .findings import Group

# A digest of 16 hexadecimal digits: two of 25,000 findings collide with a chance of 2e-11.
_DIGITS = 16
_NUMBER = re.compile(r"\d+")

Place = Callable[[Location], tuple[str, str]]


def fingerprints(groups: Sequence[Group], place: Place) -> tuple[str, ...]:
    """One for each group: `9f86d081884c7d65:1`, where the last number counts those that are otherwise alike.

    `place` gives the file of a location, relative to the repository, and the text of its line. Code, subject, operator,
    file and that text are what counts; where there is no place and no subject the message does, but for its numbers.
    """
    digests = [_digest(entry, place) for entry in groups]
    alike: Counter[str] = Counter()
    ordinals = dict.fromkeys(range(len(groups)), 0)
    for index in sorted(ordinals, key=lambda index: _line(groups[index])):  # whoever stands higher in the file is first
        alike[digests[index]] += 1
        ordinals[index] = alike[digests[index]]
    return tuple(f"{digest}:{ordinals[index]}" for index, digest in enumerate(digests))


def _line(entry: Group) -> int:
    where = entry.finding.origin or entry.finding.use
    return where.line if where else 0


def _digest(entry: Group, place: Place) -> str:
    finding = entry.finding
    parts = [finding.code, finding.subject or "", finding.op or ""]
    for where in (finding.origin, finding.use):
        if where is not None:
            file, text = place(where)
            parts += [file, " ".join(text.split())]
            break
    else:
        parts += ["" if finding.subject else _NUMBER.sub("0", finding.message)]
    text = "\0".join(parts)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGITS]
