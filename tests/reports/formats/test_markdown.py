from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.markdown import render

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
