import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from samedevice.reports.formats.escape import clipped, line, lines, markdown, spelled

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


@given(st.text())
@example("\x1b[31mred\x1b[0m\r\nnext\u202e")
def test_a_line_is_one_printable_line(text):
    assert line(text).isprintable()


def test_what_could_not_be_printed_is_spelled_out():
    assert line("a\x1b[2Kb\nc\td") == "a\\x1b[2Kb c d"


@given(st.text(alphabet=st.sampled_from("a_*`|[]()<>!#~$&@;\\ -\n1.")) | st.text())
@example("a|b")
@example("`a``b`")
@example("&lt;b&gt; <b>bold</b>")
@example("[x](javascript:1) ![y](z) __init__ snake_case ~~no~~")
def test_markdown_shows_the_text_and_nothing_else(text):
    """The reference is markdown-it's own parser: a table cell holds one piece of plain text."""
    tokens = PARSER.parse(f"| head |\n|---|\n| x{markdown(text)}x |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 2
    children = cells[1].children
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == f"x{line(text)}x"


def test_lines_keep_their_indentation_and_nothing_else_that_does_not_print():
    assert lines("a\n\tb \x1b[31m\r\n\u202ec\u2028d") == "a\n    b \\x1b[31m\n\\u202ec\nd"


@given(st.text())
def test_lines_are_printable_lines(text):
    assert all(one.isprintable() for one in lines(text).split("\n"))


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_what_prints_is_spelled_as_it_is(text):
    assert spelled(text) == text


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("abc", "abc"), ("abcd", "ab…"), ("abcdefg", "ab…")])
def test_what_is_too_long_ends_in_an_ellipsis(text, shown):
    assert clipped(text, 3) == shown
