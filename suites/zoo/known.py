"""Known: what transformers itself does wrong, so that the zoo shows what is new.

`known.json` is a list of entries: `target`, `check`, `code` and the finding's `subject`, each a pattern as on the
command line, `devices` (a list of kinds; none for all), and `reason`: where in transformers it goes wrong, and how.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding, Severity
from ...harness.measure import Measure
from ...harness.target import Target

FILE = Path(__file__).with_name("known.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One defect of transformers, found by its patterns; `reason` is what the report says of it."""

    target: str
    check: str
    code: str
    subject: str
    reason: str
    devices: tuple[str, ...] = ()

    def covers(self, finding: Finding, target: str, device: Device, check: str) -> bool:
        """True where the finding is this defect."""
        if self.devices and device.kind not in self.devices:
            return False
        pairs = ((target, self.target), (check, self.check), (finding.code, self.code))
        return all(fnmatchcase(text, pattern) for text, pattern in (*pairs, (finding.subject or "", self.subject)))


@lru_cache
def known() -> tuple[Known, ...]:
    """The entries of the file."""
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Known(**{**entry, "devices": tuple(entry.get("devices", ()))}) for entry in entries)


def baselined(check: Check) -> Check:
    """The same check, which makes one note of each known defect: it is said, with the reason, and fails nothing."""

    def run(target: Target, device: Device) -> Iterator[Finding | Measure]:
        met: dict[Known, list[Finding]] = {}
        for item in check.run(target, device):
            entry = _entry(item, target, device, check) if isinstance(item, Finding) else None
            if entry is None or isinstance(item, Measure):
                yield item
            else:
                met.setdefault(entry, []).append(item)
        yield from (_noted(findings, entry) for entry, findings in met.items())

    return replace(check, run=run)


def _entry(finding: Finding, target: Target, device: Device, check: Check) -> Known | None:
    return next((entry for entry in known() if entry.covers(finding, target.name, device, check.name)), None)


def _noted(findings: list[Finding], entry: Known) -> Finding:
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    message = f"known: {entry.reason}; here: {findings[0].message}{more}"
    return replace(findings[0], severity=Severity.NOTE, message=message)
