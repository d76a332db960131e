"""The examples of the pages: the broken one is reported under the page's code, the mended one is clean."""

import re
import shlex
import sys
import textwrap

import pytest

from samedevice.harness import catalog, engine, loading
from samedevice.harness.audit import audit, survey, verify
from samedevice.harness.check import Check
from samedevice.harness.codes import CODES
from samedevice.harness.devices import resolve_all, split
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.page import page
from samedevice.harness.plan import Cell
from samedevice.harness.suppressing import applied
from samedevice.suites.hub.hub import beside
from samedevice.suites.serialization.roundtrip import in_natural_format

# A fresh process takes seconds: only the page about fresh processes pays for it; one pulls for all pages of the Hub.
HERE = {
    "roundtrip": Check(name="roundtrip", title="", question="", run=in_natural_format),
    "hub": Check(name="hub", title="", question="", run=beside),
}


def block(code, heading, language):
    """The code of a language in a section of a page; None where there is none."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page(code), re.DOTALL | re.MULTILINE)[1]
    found = re.search(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return found and found[1]


def command(code, heading="Broken"):
    """What the reader is told to type, in words; for the mended example the same, unless it says another."""
    return shlex.split(block(code, heading, "sh") or block(code, "Broken", "sh"))


def asked_of(code):
    """`check`, `audit`, or `script`, where the example says for itself that something is wrong."""
    words = command(code)
    return words[1] if words[0] == "samedevice" else "script"


CHECKED, AUDITED, SCRIPTS = (
    [code for code in CODES if asked_of(code) == kind] for kind in ("check", "audit", "script")
)


def test_what_a_command_can_ask_is_asked_by_it():
    assert {code for code in CODES if code.startswith(("SD1", "SD2", "SD3", "SD6", "SD90"))} <= set(CHECKED)
    assert {code for code in CODES if code.startswith("SD7")} == set(AUDITED)


def checked(code, folder, heading):
    """The findings of the page's command about the example."""
    (folder / "net.py").write_text(block(code, heading, "python"))
    _, _, target, *options = command(code)
    given = dict(zip(options[::2], options[1::2], strict=True))
    assert given.keys() == {"--devices", "--checks"}
    checks = [
        HERE.get(check.name, check) if code != "SD512" else check
        for check in catalog.checks(given["--checks"].split(","))
    ]
    target = loading.target(f"{folder}/{target}")
    devices = resolve_all(split(given["--devices"]))
    cells = [Cell(target=target, device=device, check=check) for device in devices for check in checks]
    results = applied(engine.run(cells), (), cells)
    assert [result.reason for result in results if result.status in ("error", "not-checked")] == []
    return [finding for result in results for finding in result.findings]


def errors(findings):
    return [finding for finding in findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("code", CHECKED)
def test_the_check_tells_the_examples_apart(code, tmp_path):
    for heading in ("Broken", "Mended"):
        (tmp_path / heading).mkdir()
    told = {f.severity for f in checked(code, tmp_path / "Broken", "Broken") if f.code == code}
    assert told
    mended = checked(code, tmp_path / "Mended", "Mended")
    # A note of the same code may stay, beside an error that is gone: `assign=True` parts every tie.
    assert (errors(mended), told & {f.severity for f in mended if f.code == code}) == ([], set())


def ran(text):
    exec(compile(text, "example.py", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("code", AUDITED)
def test_the_audit_tells_the_examples_apart(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran(block(code, "Broken", "python"))
    assert code in {finding.code for finding in audited(command(code))}
    ran(block(code, "Mended", "python"))
    mended = audited(command(code, "Mended"))
    assert (errors(mended), code in {finding.code for finding in mended}) == ([], False)


def audited(words):
    """The findings of `samedevice audit run`, and of its options."""
    assert words[:3] == ["samedevice", "audit", "run"]
    values = {"--values": True, "--no-values": False}.get(words[-1])
    verified = verify(survey("run")) if words[-1] == "--verify" else ()
    return [item for item in (*audit("run", values=values), *verified) if isinstance(item, Finding)]


@pytest.mark.parametrize("code", SCRIPTS)
def test_the_script_tells_the_examples_apart(code, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises((AssertionError, RuntimeError)):
        ran(block(code, "Broken", "python"))
    ran(block(code, "Mended", "python"))


@pytest.mark.parametrize("code", CODES)
def test_examples_fit_the_width_that_explain_draws(code):
    for heading in ("Broken", "Mended"):
        text = block(code, heading, "python")
        assert textwrap.dedent(text) == text
        assert max(map(len, text.splitlines())) <= 100
