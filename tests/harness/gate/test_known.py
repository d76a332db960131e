from collections import Counter

import pytest

from samedevice.harness.blame import OURS
from samedevice.harness.finding import Location, Severity
from samedevice.harness.gate.known import Flaw, Key, at_least, flaws_of, key_of
from samedevice.harness.result import Status


def test_a_key_is_the_cell_without_its_outcome(cell):
    key = Key(suite="", target="net", check="forward", device="cuda:0", kind="virtual")
    assert key_of(cell(seconds=3, status=Status.FAIL)) == key
    assert key_of(cell(suite="math")) != key


def test_a_flaw_has_no_line(cell, finding):
    moved = finding(origin=Location(file="net.py", line=90), message="other words")
    assert flaws_of(cell(findings=(finding(), moved))) == {Flaw(code="SD201", subject="scale", file="net.py"): 2}


def test_without_an_origin_the_use_says_which_file(cell, finding):
    used = finding(origin=None, use=Location(file="use.py", line=1), subject=None)
    assert flaws_of(cell(findings=(used, finding("SD203", origin=None)))) == {
        Flaw(code="SD201", file="use.py"): 1,
        Flaw(code="SD203", subject="scale"): 1,
    }


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("ValueError: no (net.py:3)", "ValueError"),
        (f"{OURS}KeyError: 'a'", "KeyError"),
        ("KeyError (net.py:3)", "KeyError"),
        ("timed out after 3 s", "timed"),
        ("3 went wrong", "crash"),
        (None, "crash"),
    ],
)
def test_a_crash_is_a_flaw_of_its_type(cell, reason, code):
    assert flaws_of(cell(status=Status.ERROR, reason=reason)) == {Flaw(code=code): 1}
    assert flaws_of(cell(status=Status.NOT_CHECKED, reason=reason)) == {}


def test_a_level_leaves_out_what_is_less_grave():
    flaws = Counter({Flaw(code=severity.value, severity=severity): 1 for severity in Severity})
    left = {level: {flaw.severity for flaw in at_least(flaws, level)} for level in Severity}
    assert left == {
        Severity.ERROR: {Severity.ERROR},
        Severity.WARNING: {Severity.ERROR, Severity.WARNING},
        Severity.NOTE: set(Severity),
    }


def test_the_file_is_that_of_the_origin(cell, finding):
    both = finding(use=Location(file="use.py", line=1))
    assert [flaw.file for flaw in flaws_of(cell(findings=(both,)))] == ["net.py"]
