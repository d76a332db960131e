import json

from samedevice.harness.check import Check
from samedevice.harness.devices import resolve
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.target import Target
from samedevice.suites.zoo import SUITE
from samedevice.suites.zoo.architectures import model_types
from samedevice.suites.zoo.known import FILE, Known, baselined, known

ENTRY = Known(target="be*", check="forward", code="SD201", subject="scale*", reason="written down", devices=("mps",))
CPU, MPS = resolve("cpu"), resolve("mps")
TARGET = Target(name="bert", build=lambda: None)


def finding(subject="scale", code="SD201"):
    return Finding(code=code, message="it strays", subject=subject)


def test_every_entry_has_a_reason_and_names_what_exists():
    names = model_types()
    for entry in known():
        assert len(entry.reason) > 40
        assert any(entry.covers(finding(entry.subject, entry.code), name, CPU, entry.check) for name in names)
        assert entry.check in {check.name for check in SUITE.checks}
    assert len(json.loads(FILE.read_text())) == len(known()) > 0


def test_an_entry_covers_what_all_of_its_patterns_match():
    assert ENTRY.covers(finding("scale_2"), "bert", MPS, "forward")
    assert not ENTRY.covers(finding(), "bert", CPU, "forward")
    assert not ENTRY.covers(finding(), "gpt2", MPS, "forward")
    assert not ENTRY.covers(finding(), "bert", MPS, "placement")
    assert not ENTRY.covers(finding(code="SD202"), "bert", MPS, "forward")
    assert not ENTRY.covers(finding("other"), "bert", MPS, "forward")


def test_what_is_known_is_one_note_and_what_is_new_an_error(monkeypatch):
    monkeypatch.setattr("samedevice.suites.zoo.known.known", lambda: (ENTRY,))
    items = [finding(), finding("scale_2"), finding("other"), Measure(name="seconds", value=1.0)]
    check = baselined(Check(name="forward", title="", question="", run=lambda target, device: iter(items)))
    other, measure, note = check.run(TARGET, MPS)
    assert (other, measure) == (items[2], items[3])
    assert note.severity is Severity.NOTE
    assert note.message == "known: written down; here: it strays (and 1 more)"
    assert list(check.run(TARGET, CPU)) == items
