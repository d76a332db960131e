from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location
from samedevice.harness.suppression import Suppressed
from samedevice.reports.formats import markdown, text
from samedevice.reports.summary import verdict
from samedevice.reports.suppressed import suppressed

HERE = Location(file="net.py", line=3)


def one(subject="mask", place=HERE):
    return Suppressed(finding=Finding(code="SD301", message="m", subject=subject), reason="a | b\x1b[", place=place)


def test_the_same_finding_in_several_cells_is_one(cell):
    cells = [cell(suppressed=(one(), one("other"))), cell(target="alibi", suppressed=(one(),)), cell()]
    found = suppressed(cells)
    assert [(entry.first.finding.subject, [seen.target for seen in entry.seen]) for entry in found] == [
        ("mask", ["rope", "alibi"]),
        ("other", ["rope"]),
    ]


def test_another_line_is_another_suppression(cell):
    assert len(suppressed([cell(suppressed=(one(), one(place=Location(file="net.py", line=4))))])) == 2


def test_they_are_listed_and_counted(cell, report):
    made = report(cell(device=Device(kind="mps", virtual=True), suppressed=(one(),)), cell(suppressed=(one(),)))
    assert verdict(made).endswith("2 pass; no findings; 1 suppressed.")
    assert (
        "\n\nsuppressed\n  SD301 error mask, rope on mps:0 (virtual), forward and 1 more: a | b\\x1b[ [net.py:3]\n"
        in text.render(made)
    )
    row = ["SD301", "mask", "a &#124; b\\\\x1b\\[", "net.py:3", "rope: mps:0 (virtual) forward; cpu (real) forward"]
    (line,) = (line for line in markdown.render(made).splitlines() if line.startswith("| SD301"))
    assert [part.strip() for part in line.strip("|").split("|")] == row


def test_without_any_nothing_is_said(cell, report):
    assert "uppressed" not in text.render(report(cell())) + markdown.render(report(cell()))
