import json
import linecache
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from samedevice.harness.codes import CODES
from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.findings import group
from samedevice.reports.formats.sarif import log, render, results

SCHEMA = json.loads((Path(__file__).parents[1] / "schemas/sarif-schema-2.1.0.json").read_text())
VALIDATOR = Draft4Validator(SCHEMA)


def run(report):
    (only,) = json.loads(render(report))["runs"]
    return only


@given(st.from_type(Report))
def test_every_report_obeys_the_official_schema(report):
    loaded = json.loads(render(report))
    VALIDATOR.validate(loaded)
    driver = loaded["runs"][0]["tool"]["driver"]
    found = loaded["runs"][0]["results"]
    assert len(found) == len(group(report.cells))
    for result in found:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii()
        assert urlsplit(uri).scheme in ("", "file")
    assert len({result["partialFingerprints"]["samedevice/v1"] for result in found}) == len(found)


@given(st.from_type(Report))
def test_no_message_holds_a_placeholder_or_a_link(report):
    for result in run(report)["results"]:
        text = result["message"]["text"]
        assert "](" not in text
        assert text.replace("{{", "").replace("}}", "").count("{") == 0


def test_fingerprints_outlive_lines_that_move(sample, repository):
    def marks(report):
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in run(report)["results"]]

    def down(place):
        return place and replace(place, line=place.line + 2)

    before = marks(sample)
    file = repository / "pkg/net.py"
    file.write_text("\n\n" + file.read_text())
    linecache.checkcache()
    cells = [
        replace(cell, findings=tuple(replace(f, origin=down(f.origin), use=down(f.use)) for f in cell.findings))
        for cell in sample.cells
    ]
    assert marks(replace(sample, cells=tuple(cells))) == before
    file.write_text(file.read_text().replace("torch.ones(4)", "torch.ones(5)"))
    linecache.checkcache()
    assert [mark in before for mark in marks(replace(sample, cells=tuple(cells)))] == [False, True, True]


def test_a_line_of_a_package_is_related_to_the_line_of_ours_that_used_it(cell, report, repository):
    made = Location(file="/x/lib/site-packages/torch/nn/x.py", line=3)
    flaw = Finding(code="SD201", message="m", origin=made, use=Location(file="pkg/net.py", line=12))
    (result,) = run(report(cell(findings=(flaw,))))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "pkg/net.py"
    (other,) = result["relatedLocations"]
    assert other["message"]["text"] == "the line that made it"
    assert other["physicalLocation"]["artifactLocation"] == {"uri": "torch/nn/x.py", "uriBaseId": "SITEPACKAGES"}


def test_a_result_is_one_defect_with_the_cells_that_met_it(sample):
    mixed = run(sample)["results"][0]
    assert mixed["level"] == "error"
    assert mixed["properties"]["cells"] == [
        "pkg/net.py:Net on cuda:0 (virtual), forward",
        "pkg/net.py:Net on cuda:0 (virtual), placement",
    ]
    assert "cuda:0 (virtual)" in mixed["message"]["text"]
    place = mixed["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "pkg/net.py", "uriBaseId": "SRCROOT"}
    assert place["region"]["startLine"] == 9
    assert place["region"]["snippet"]["text"].startswith("self.scale = torch.ones(4)")
    (hurt,) = mixed["relatedLocations"]
    assert hurt["physicalLocation"]["region"]["startLine"] == 12


def test_the_level_is_the_severity(sample):
    assert [result["level"] for result in run(sample)["results"]] == ["error", "warning", "note"]


def test_a_rule_has_its_page_as_help(sample):
    rules = run(sample)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["SD201", "SD301", "SD738"]
    for rule in rules:
        assert rule["shortDescription"]["text"] == CODES[rule["id"]]
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}: ")
        assert "## Mended" in rule["help"]["text"]
        assert ".md)" not in rule["help"]["markdown"]


def test_a_strangers_code_is_a_rule_without_a_page(cell, report):
    (rule,) = run(report(cell(findings=(Finding(code="XY1", message="odd"),))))["tool"]["driver"]["rules"]
    assert rule == {"id": "XY1", "defaultConfiguration": {"level": "error"}}


def test_what_was_not_checked_is_a_notification_and_no_result(cell, report):
    loaded = run(report(cell(), cell(check="step", status=Status.NOT_CHECKED, reason="no inputs")))
    assert loaded["results"] == []
    (told,) = loaded["invocations"][0]["toolExecutionNotifications"]
    assert told == {"level": "warning", "message": {"text": "not checked: rope on cpu (real), step: no inputs"}}
    assert loaded["invocations"][0]["executionSuccessful"]


def test_a_crash_is_no_success(cell, report):
    (invocation,) = run(report(cell(status=Status.ERROR, reason="boom")))["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"


def test_virtual_is_said_where_nothing_was_found(cell, report):
    loaded = run(report(cell(device=Device(kind="cuda", virtual=True))))
    assert "virtual: no such hardware here" in json.dumps(loaded["invocations"])
    assert loaded["properties"]["devices"] == ["cuda:0 (virtual)"]


def test_a_finding_without_a_line_is_at_the_file_of_its_target(cell, report, repository):
    (repository / "ckpt").mkdir()
    (repository / "ckpt/model.bin").write_bytes(b"")
    flaws = [Finding(code="SD738", severity=Severity.NOTE, message="m", subject=name) for name in ("model.bin", "x.y")]
    cells = [cell(target="ckpt", findings=tuple(flaws)), cell(target="pkg/net.py:Net", findings=(flaws[0], flaws[1]))]
    cells += [cell(target="pkg.net:Net", check="step", findings=(Finding(code="SD401", message="m"),))]
    cells += [cell(target="r o{pe", check="dtypes", findings=(Finding(code="SD402", message="m"),))]
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in run(report(*cells))["results"]
    ]
    assert [unquote(uri) for uri in uris] == ["pkg/net.py", "r o{pe", "ckpt/model.bin", "ckpt"]


def test_more_than_code_scanning_takes_is_counted(cell, report, monkeypatch):
    monkeypatch.setattr(log, "MOST", 2)
    assert results.MOST == 25_000
    flaws = [Finding(code="SD301", message=f"m{n}", subject=f"x{n}", severity=Severity.WARNING) for n in range(4)]
    grave = Finding(code="SD201", message="m")
    loaded = run(report(cell(findings=(*flaws, grave))))
    assert [result["ruleId"] for result in loaded["results"]] == ["SD201", "SD301"]
    assert "3 findings are left out" in json.dumps(loaded["invocations"])
