import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from samedevice.harness import catalog
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.gate import Comparison, Flaw, Judged, Key, Overhead, State
from samedevice.reports.gate import github, markdown, text
from samedevice.reports.gate import json as as_json

KEY = Key(suite="", target="net.py:Net", check="forward", device="cuda:0", kind="virtual")
MPS = Key(suite="", target="net.py:Net", check="step", device="mps:0", kind="virtual")
FINDING = Finding(
    code="SD201",
    message="m",
    subject="scale",
    origin=Location(file="net.py", line=9),
    use=Location(file="net.py", line=12),
    hint="register_buffer",
)
UPDATE = "samedevice gate r.json --baseline b.jsonl --update"


def compared(*judged, **fields):
    return Comparison(baseline="b.jsonl", level=Severity.WARNING, judged=judged, update=UPDATE, **fields)


FAILED = Judged(key=KEY, state=State.FAIL, holds=False, new=(FINDING,))
PASSED = Judged(key=MPS, state=State.PASS, holds=True)


def test_the_table_names_place_and_mend():
    assert text.render(compared(FAILED, PASSED)) == (
        "gate against b.jsonl, from warning on\n"
        "\n"
        "state    where       check    device            what\n"
        "-------  ----------  -------  ----------------  --------------------------------------------\n"
        "FAIL     net.py:Net  forward  cuda:0 (virtual)  SD201 error scale [net.py:9 used net.py:12]:\n"
        "                                                register_buffer\n"
        "\n"
        "The gate FAILS: 1 FAIL, 1 PASS.\n"
        "\n"
        "To accept this, type and commit:\n"
        f"  {UPDATE}\n"
    )


def test_cells_that_fail_for_the_same_cause_share_a_row():
    other = Key(suite="", target="other", check="step", device="mps:0", kind="virtual")
    rows = [Judged(key=key, state=State.FAIL, holds=False, new=(FINDING,)) for key in (KEY, MPS, other)]
    (row,) = (line for line in markdown.render(compared(*rows)).splitlines() if line.startswith("| FAIL"))
    assert [part.strip() for part in row.split("|")[1:5]] == [
        "FAIL",
        "net.py:Net and 1 more",
        "forward, step",
        "cuda:0 (virtual), mps:0 (virtual)",
    ]


@pytest.mark.parametrize(
    ("judged", "said", "verdict", "is_stale"),
    [
        (PASSED, "", "The gate HOLDS: 1 PASS.", False),
        (Judged(key=KEY, state=State.XFAIL, holds=True, said="SD201 scale: why"), "SD201 scale: why", "HOLDS", False),
        (
            Judged(key=KEY, state=State.FAIL, holds=False, crash="ValueError: no"),
            "broke: ValueError: no",
            "FAILS",
            True,
        ),
        (
            Judged(key=KEY, state=State.IMPROVED, holds=False, gone=(Flaw(code="SD201", subject="a"),)),
            "gone: SD201 a",
            "FAILS",
            True,
        ),
        (
            Judged(key=KEY, state=State.IMPROVED, holds=False, gone=(Flaw(code="SD301", file="net.py"),)),
            "gone: SD301 in net.py",
            "FAILS",
            True,
        ),
        (Judged(key=KEY, state=State.MISSING, holds=False, said="in no report"), "in no report", "FAILS", True),
        (Judged(key=KEY, state=State.FLAKY, holds=True, said="a race"), "a race", "HOLDS", False),
        (Judged(key=KEY, state=State.NOT_CHECKED, holds=False, said="no GPU"), "no GPU", "NOT CHECKED in full", False),
        (Judged(key=KEY, state=State.NOT_CHECKED, holds=True, said="no GPU"), "no GPU", "HOLDS", False),
    ],
)
def test_every_state_is_said(judged, said, verdict, is_stale):
    for render in (text.render, markdown.render):
        shown = render(compared(judged))
        assert said in shown
        assert verdict in shown
        assert (UPDATE in shown) == is_stale


def test_times_are_said():
    ratios = [
        Overhead(device="cuda:0 (virtual)", ratio=2.345, pairs=3, allowed=3.0),
        Overhead(device="mps:0 (virtual)", ratio=9.0, pairs=3, allowed=3.0),
        Overhead(device="xpu:0 (virtual)", ratio=None, pairs=0, allowed=3.0),
    ]
    shown = text.render(compared(PASSED, overheads=tuple(ratios)))
    assert "cuda:0 (virtual): 2.3 times the CPU's times (median of 3), no more than the 3 allowed\n" in shown
    assert "mps:0 (virtual): 9 times the CPU's times (median of 3), MORE than the 3 allowed\n" in shown
    assert "xpu:0 (virtual): times were not compared: " in shown
    assert "The gate FAILS: 1 PASS." in shown
    assert "NOT CHECKED in full" in text.render(compared(PASSED, overheads=(ratios[2],)))


def test_nothing_at_all():
    assert "The gate HOLDS: nothing to compare." in text.render(compared())


PARSER = MarkdownIt("commonmark").enable("table")
OURS = {"text", "text_special", "softbreak", "strong_open", "strong_close", "html_inline"}


@given(st.lists(st.from_type(Judged), max_size=3))
def test_other_peoples_words_never_become_markup(judged):
    tokens = PARSER.parse(markdown.render(compared(*judged)))
    inline = [child for token in tokens if token.type == "inline" for child in token.children]
    assert {child.type for child in inline} <= OURS
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<br>"}


@given(st.lists(st.from_type(Judged), max_size=3))
def test_a_terminal_gets_no_control_characters(judged):
    assert all(char.isprintable() or char == "\n" for char in text.render(compared(*judged)))


def test_a_comment_is_never_too_long():
    many = [
        Judged(
            key=Key(suite="", target="t" * 900, check=str(n), device="cpu", kind="real"),
            state=State.FAIL,
            holds=False,
            said=f"{n}" * 900,
        )
        for n in range(1000)
    ]
    shown = markdown.render(compared(*many))
    assert len(shown) < 65_536
    assert "rows more, which `samedevice gate` prints" in shown
    assert UPDATE in shown


def test_json_says_all():
    overhead = Overhead(device="cuda:0 (virtual)", ratio=2.0, pairs=3, allowed=3.0)
    data = json.loads(as_json.render(compared(FAILED, PASSED, overheads=(overhead,))))
    assert (data["schema"], data["fails"], data["open"], data["counts"]) == (
        *("samedevice-gate/1", True, False),
        {"FAIL": 1, "PASS": 1},
    )
    assert data["overheads"] == [
        {"device": "cuda:0 (virtual)", "ratio": 2.0, "pairs": 3, "allowed": 3.0, "holds": True}
    ]
    first, second = data["cells"]
    assert (first["state"], first["target"], first["findings"][0]["subject"]) == ("FAIL", "net.py:Net", "scale")
    assert second == {
        "suite": "",
        "target": "net.py:Net",
        "check": "step",
        "device": "mps:0",
        "kind": "virtual",
        "state": "PASS",
        "holds": True,
    }


def test_the_formats_are_found_by_name():
    assert catalog.gate_renderer("markdown") is markdown.render
    here = Path(__file__).parents[3] / "reports/gate"
    assert {"text", "markdown", "json", "github"} <= {path.stem for path in here.glob("*.py")}


def test_annotations_are_new_findings_in_their_lines():
    warned = replace(FINDING, code="SD301", severity=Severity.WARNING, origin=None, subject="a,b: 5%", message="x\ny")
    rows = [
        Judged(key=MPS, state=State.FAIL, holds=False, new=(warned,)),
        FAILED,
        replace(FAILED, key=MPS),
        Judged(key=KEY, state=State.FAIL, holds=False, crash="ValueError: no"),
        Judged(key=KEY, state=State.XFAIL, holds=True, said="known"),
    ]
    assert github.render(compared(*rows)).splitlines() == [
        "::error file=net.py,line=9,title=SD201 scale::m; register_buffer",
        "::error title=samedevice::net.py:Net, forward on cuda:0 (virtual) broke: ValueError: no",
        "::warning file=net.py,line=12,title=SD301 a%2Cb%3A 5%25::x y; register_buffer",
        "::error title=samedevice::The gate FAILS: 4 FAIL, 1 XFAIL.",
    ]
    assert github.render(compared(PASSED)) == "::notice title=samedevice::The gate HOLDS: 1 PASS.\n"


@given(st.lists(st.from_type(Judged), max_size=3))
def test_every_line_of_annotations_is_a_command_of_ours(judged):
    for line in github.render(compared(*judged)).splitlines():
        assert re.fullmatch(r"::(error|warning|notice) (file=[^:,]*,line=-?\d+,)?title=[^:,]*::.*", line)
