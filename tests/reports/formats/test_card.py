from huggingface_hub import ModelCard
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.card import BEGIN, END, into, render

PARSER = MarkdownIt("commonmark").enable("table")


@given(st.from_type(Report))
def test_the_hubs_own_class_reads_it(report):
    card = ModelCard(render(report))
    assert card.data.tags == ["samedevice"]
    assert str(card) == render(report)


@given(st.from_type(Report))
def test_other_peoples_words_never_become_markup(report):
    html = [token.content.strip() for token in PARSER.parse(render(report)) if token.type.startswith("html")]
    assert html == [BEGIN, END]


def test_it_has_the_table_of_the_model(cell, report):
    virtual = Device(kind="cuda", virtual=True)
    flaw = Finding(code="SD201", message="it mixes", subject="self.x")
    cells = (cell(), cell(device=virtual, status=Status.FAIL, findings=(flaw,)))
    text = render(report(*cells, cell(check="step", status=Status.NOT_CHECKED, reason="no loss")))
    assert text.startswith("---\ntags:\n- samedevice\n---\n\n# rope\n")
    assert "| forward | pass         | fail               |" in text
    assert "| step    | not checked  | -                  |" in text
    assert "- SD201 error: self.x: it mixes" in text
    assert "- not-checked: no loss" in text
    assert "virtual: no such hardware here" in text


def test_several_models_share_a_card(cell, report):
    text = render(report(cell(), cell(target="alibi")))
    assert "# Models" in text
    assert "| alibi    |" in text


def test_nothing_is_no_table(report):
    assert "Nothing was run." in render(report())


@given(st.from_type(Report), st.text(alphabet=st.characters(exclude_characters="\r"), max_size=40))
def test_a_card_that_is_there_keeps_its_own_words(report, words):
    once = into(words, report)
    assert once.startswith(words.rstrip())
    assert into(once, report) == once
    assert into(f"{once}after", Report(environment=report.environment, cells=())).endswith("after")
