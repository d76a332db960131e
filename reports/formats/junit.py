"""The report as JUnit XML: a test suite for each suite and device, a test case for each cell."""

from dataclasses import asdict
from math import isfinite
from pathlib import Path
from xml.etree import ElementTree

from ...harness.environment import Environment
from ...harness.finding import Finding, Severity
from ...harness.report import Report
from ...harness.result import Result, Status
from ..scores import grouped
from .artifact import repository, spot
from .escape import line, lines
from .figures import measure, rate
from .said import title, where

_COUNTED = (("failures", Status.FAIL), ("errors", Status.ERROR), ("skipped", Status.NOT_CHECKED))


def render(report: Report) -> str:
    """XML 1.0 text with a newline at the end. A cell that was not checked is skipped, with its reason."""
    folder = repository()
    root = ElementTree.Element("testsuites", {"name": "samedevice", **_counts(report.cells, skipped=False)})
    for (suite, device), cells in grouped(report.cells, lambda cell: (cell.suite, cell.device)).items():
        name = f"{line(suite or 'samedevice')} on {where(device)}"
        element = ElementTree.SubElement(root, "testsuite", {"name": name, **_counts(cells)})
        properties = {**_environment(report.environment), "device": line(device.name), "kind": device.reality}
        _properties(element, properties)
        for cell in cells:
            _case(element, cell, folder)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(cells: tuple[Result, ...], *, skipped: bool = True) -> dict[str, str]:
    """The schema knows no `skipped` of all suites together."""
    counted = {
        word: str(sum(cell.status is status for cell in cells))
        for word, status in _COUNTED
        if skipped or status is not Status.NOT_CHECKED
    }
    return {"tests": str(len(cells)), **counted, "time": _time(sum(_seconds(cell) for cell in cells))}


def _seconds(cell: Result) -> float:
    return cell.seconds if isfinite(cell.seconds) and cell.seconds > 0 else 0.0


def _time(seconds: float) -> str:
    return f"{seconds:.3f}" if seconds < 1e9 else "0.000"


def _environment(environment: Environment) -> dict[str, str]:
    return {name: line(value) for name, value in asdict(environment).items() if value is not None}


def _properties(element: ElementTree.Element, values: dict[str, str]) -> None:
    properties = ElementTree.SubElement(element, "properties")
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": value})


def _case(suite: ElementTree.Element, cell: Result, folder: Path) -> None:
    name = f"{line(cell.check)} on {where(cell.device)}"
    words = {"classname": line(cell.target), "name": name, "time": _time(_seconds(cell))}
    case = ElementTree.SubElement(suite, "testcase", words)
    if ended := _ended(cell):
        tag, kind, message = ended
        element = ElementTree.SubElement(case, tag, {"type": kind, "message": message})
        element.text = "\n\n".join(_paragraph(finding, folder) for finding in _fatal(cell)) or None
    told = [*_numbers(cell), *(_paragraph(one, folder) for one in cell.findings if one.severity is not Severity.ERROR)]
    if told:
        ElementTree.SubElement(case, "system-out").text = "\n".join(told)


def _fatal(cell: Result) -> list[Finding]:
    return [finding for finding in cell.findings if finding.severity is Severity.ERROR]


def _ended(cell: Result) -> tuple[str, str, str] | None:
    """The element of a cell that did not pass, its type and its message."""
    reason = line(cell.reason or "no reason was given")
    if cell.status is Status.FAIL:
        kinds = dict.fromkeys(line(finding.code) for finding in _fatal(cell))
        return "failure", ", ".join(kinds) or "failure", _headline(_fatal(cell))
    if cell.status is Status.ERROR:
        return "error", "broke", reason
    return ("skipped", "not checked", f"not checked: {reason}") if cell.status is Status.NOT_CHECKED else None


def _headline(fatal: list[Finding]) -> str:
    if not fatal:
        return "failed without a finding"
    more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
    return f"{title(fatal[0].code)}: {line(fatal[0].message)}{more}"


def _paragraph(finding: Finding, folder: Path) -> str:
    rows = {
        "subject": line(finding.subject or ""),
        "origin": line(spot(finding.origin, folder)),
        "use": line(spot(finding.use, folder)),
        "op": line(finding.op or ""),
        "mend": line(finding.hint or ""),
    }
    told = [f"  {word}: {text}" for word, text in rows.items() if text]
    return "\n".join([f"{title(finding.code)} ({finding.severity.value})", f"  {lines(finding.message)}", *told])


def _numbers(cell: Result) -> list[str]:
    """The measures of a cell, rates with their interval."""
    return [
        f"{line(one.name)}: {measure(one.name, one.value) if one.of is None else _share(one.value, one.of)}"
        for one in cell.measures
    ]


def _share(value: float, of: int) -> str:
    return rate(value, of) if 0 <= value <= of else f"{value:g}/{of}"
