import re
from dataclasses import replace
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats import step_summary
from samedevice.reports.formats.markdown import render, within
from samedevice.reports.summary import verdict

PARSER = MarkdownIt("commonmark").enable("table")
OURS = {"text", "text_special", "softbreak", "strong_open", "strong_close", "em_open", "em_close"}


@given(st.from_type(Report))
def test_other_peoples_words_never_become_markup(report):
    """Bold (the verdict) and italics (what virtual means) are ours; links, code, HTML would be theirs."""
    tokens = PARSER.parse(render(report))
    inline = [child.type for token in tokens if token.type == "inline" for child in token.children]
    assert set(inline) <= OURS
    assert inline.count("strong_open") == 1
    assert not any(token.type.startswith(("html", "fence", "code")) for token in tokens)


@given(st.from_type(Report), st.integers(8_000, 60_000), st.integers(1, 40))
def test_a_page_keeps_its_limit_and_says_what_is_missing(report, limit, times):
    """The same report many times over, in other suites; the pages of small ones are as they were."""
    cells = [replace(cell, suite=f"{at}{cell.suite}") for at in range(times) for cell in report.cells]
    many = replace(report, cells=tuple(cells))
    text = within(many, limit, len)
    assert len(text) <= limit
    if len(text) < len(within(many, 10**9, len)):
        assert "did not fit: the JSON report has all." in text
    folds = [token.content for token in PARSER.parse(text) if token.type == "html_block"]
    assert all(re.fullmatch(r"<details><summary>\d+ more \w+</summary>\n|</details>\n?", fold) for fold in folds)
    assert verdict(many) in text


@pytest.fixture(scope="module")
def big():
    return run_path(str(Path(__file__).parents[3] / "benchmarks/reports.py"))["generated"](10_000)


def test_ten_thousand_cells_fit_a_comment_the_worst_first(big):
    text = render(big)
    assert len(text.encode("utf-16-le")) // 2 <= 65_536
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[:4] == ["Findings", "Broke or not checked", "positions: checks", "zoo: checks"]
    shown = text[text.index("## positions: checks") :]
    assert re.search(r"\| transformers\S+ \| [1-9] error", shown)
    assert "more findings did not fit" in text


def test_a_step_summary_holds_more_of_it(big):
    text = step_summary.render(big)
    assert len(render(big)) < len(text.encode()) <= 1_048_576
    assert "did not fit" not in text
    assert text.count("<details>") == text.count("</details>") > 5


def test_a_small_step_summary_is_the_comment(sample):
    assert step_summary.render(sample) == render(sample)


def test_what_is_beyond_the_first_plane_counts_twice(cell, report):
    flaws = [Finding(code="SD201", message="\N{BUG}" * 1_500, subject=f"s{n}") for n in range(40)]
    text = render(report(cell(findings=tuple(flaws))))
    assert 40_000 < len(text.encode("utf-16-le")) // 2 <= 65_536


def test_a_long_message_is_cut(cell, report):
    text = render(report(cell(findings=(Finding(code="SD201", message="x" * 5_000),))))
    assert "x" * 1_999 + "…" in text
    assert "x" * 2_000 not in text


def test_many_targets_of_one_finding_are_counted(cell, report):
    flaw = Finding(code="SD201", message="m", subject="s")
    text = render(report(*(cell(target=f"t{n}", findings=(flaw,)) for n in range(12))))
    assert "t9 and 2 more targets: cpu (real) forward" in text


def test_tables_have_the_rate_with_interval_and_the_word_virtual(cell, report):
    device = Device(kind="mps", virtual=True)
    text = render(report(cell(device=device, measures=(Measure(name="forward_success", value=20, of=20),))))
    assert "## rates on mps:0 (virtual)" in text
    assert "100.0 % [83.9, 100.0] (20/20) |" in text
    assert "| forward | pass              |" in text


def test_a_finding_shows_subject_message_and_places(cell, report):
    flaw = Finding(code="SD201", message="a | b", subject="self.x", hint="x.to(<device>)")
    text = render(report(cell(status=Status.FAIL, findings=(flaw,))))
    assert "### SD201 error: an operation mixed devices" in text
    assert "- subject: self.x\n- what: a &#124; b\n- mend: x.to(\\<device\\>)\n- seen: rope: cpu (real) forward" in text


def test_what_was_not_checked_has_its_reason(cell, report):
    text = render(report(cell(status=Status.NOT_CHECKED, reason="no inputs")))
    assert "| not checked | 1       | rope on cpu (real), forward | no inputs |" in text
    assert "INCOMPLETE" in text


def test_a_listing_is_a_table(cell, report):
    listing = Listing(title="files", headers=("file", "bytes"), rows=(("a|b.bin", "7"),))
    page = render(report(cell(listing=listing)))
    assert "## files\n\n| file         |   bytes |\n|:-------------|--------:|\n| a&#124;b.bin |       7 |\n" in page
