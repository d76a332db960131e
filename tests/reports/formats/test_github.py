import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.github import LONGEST, render

COMMAND = re.compile(r"::(error|warning|notice) ([^\r\n]*?)::([^\r\n]*)")


def commands(text):
    """Kind, properties and data of each command, as the runner reads them (actions/runner: ActionCommand.cs)."""
    found = []
    for line in text.splitlines():
        if not line.startswith("::"):
            continue
        kind, properties, data = COMMAND.fullmatch(line).groups()
        values = dict(pair.split("=", 1) for pair in properties.split(","))
        unescaped = {
            name: value.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r")
            for name, value in values.items()
        }
        told = data.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        found.append((kind, {name: value.replace("%25", "%") for name, value in unescaped.items()}, told))
    return found


@given(st.from_type(Report))
def test_the_lines_are_ours_and_within_the_limits(report):
    text = render(report)
    lines = text.removesuffix("\n").split("\n")
    assert len(lines) == len(text.splitlines())  # no other line break, such as U+2028
    found = commands(text)
    kinds = [kind for kind, _, _ in found]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert all(kinds.count(kind) <= 10 for kind in kinds)
    for _, values, data in found:
        assert set(values) <= {"file", "line", "title"}
        assert len(data) <= LONGEST
    assert len([line for line in lines if not line.startswith("::")]) <= 2


def test_an_annotation_is_at_the_line_of_origin(sample):
    kind, values, data = commands(render(sample))[0]
    assert (kind, values) == (
        "error",
        {"file": "pkg/net.py", "line": "9", "title": "SD201: an operation mixed devices"},
    )
    assert "used at pkg/net.py:12" in data
    assert "cuda:0 (virtual)" in data


def test_paths_are_those_of_the_repository_wherever_one_stands(sample, repository, monkeypatch):
    monkeypatch.chdir(repository / "pkg")
    assert commands(render(sample))[0][1]["file"] == "pkg/net.py"


def test_a_file_outside_the_repository_is_named_in_the_text(cell, report, repository):
    elsewhere = Location(file="/usr/lib/python3/site-packages/torch/nn/x.py", line=3)
    ((_, values, data),) = commands(
        render(report(cell(findings=(Finding(code="SD201", message="m", origin=elsewhere),))))
    )
    assert "file" not in values
    assert "at torch/nn/x.py:3" in data


def test_a_finding_in_a_library_is_at_the_line_of_ours_that_used_it(cell, report, repository):
    flaw = Finding(
        code="SD201",
        message="m",
        origin=Location(file="/usr/lib/python3/site-packages/torch/nn/x.py", line=3),
        use=Location(file=str(repository / "pkg/net.py"), line=12),
    )
    ((_, values, data),) = commands(render(report(cell(findings=(flaw,)))))
    assert (values["file"], values["line"]) == ("pkg/net.py", "12")
    assert "made at torch/nn/x.py:3" in data


def test_text_and_properties_are_escaped(cell, report, repository):
    (repository / "a,b:c%.py").write_text("")
    flaw = Finding(code="SD201", message="100 %\n::error::x", origin=Location(file="a,b:c%.py", line=1))
    text = render(report(cell(findings=(flaw,))))
    assert text.startswith(
        "::error file=a%2Cb%3Ac%25.py,line=1,title=SD201%3A an operation mixed devices::100 %25 ::error"
    )
    ((_, values, _),) = commands(text)
    assert values["file"] == "a,b:c%.py"


def test_the_tenth_command_counts_what_is_not_shown(cell, report):
    flaws = [Finding(code="SD301", message=f"m{n}", subject=f"s{n}", severity=Severity.WARNING) for n in range(25)]
    found = commands(render(report(cell(findings=(*flaws, Finding(code="SD201", message="grave"))))))
    assert [kind for kind, _, _ in found] == ["error", *["warning"] * 10]
    assert found[-1][1:] == (
        {"title": "16 more of this kind"},
        "GitHub shows 10 of a kind: the other 16 are in the report of this step",
    )


@pytest.mark.parametrize(("line", "shown"), [(-1, "1"), (0, "1"), (1, "1"), (2, "2")])
def test_lines_are_counted_from_one(cell, report, repository, line, shown):
    flaw = Finding(code="SD201", message="m", origin=Location(file="pkg/net.py", line=line))
    ((_, values, _),) = commands(render(report(cell(findings=(flaw,)))))
    assert values["line"] == shown


def test_ten_are_all_shown(cell, report):
    flaws = [Finding(code="SD301", message=f"m{n}", subject=f"s{n}", severity=Severity.WARNING) for n in range(10)]
    assert [data[:2] for _, _, data in commands(render(report(cell(findings=tuple(flaws)))))] == [
        f"m{n}" for n in range(10)
    ]


def test_what_was_not_checked_and_what_broke_are_told(cell, report):
    cuda = Device(kind="cuda", virtual=True)
    text = render(report(cell(status=Status.NOT_CHECKED, reason="no inputs"), cell(device=cuda, status=Status.ERROR)))
    assert [(kind, values["title"]) for kind, values, _ in commands(text)] == [
        ("error", "broke"),
        ("warning", "not checked"),
    ]
    assert "\nBROKEN: 2 cells (1 real, 1 virtual)" in text
