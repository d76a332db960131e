import io
import re
import sys

import pytest

from samedevice.harness.cli import main
from samedevice.harness.codes import CODES
from samedevice.harness.page import page


def test_a_pipe_gets_the_page_as_it_is_written(run):
    code, out, err = run("explain", "sd201")
    assert (code, err) == (0, [])
    assert out == page("SD201")
    assert out.startswith("# SD201: an operation mixed devices\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def drawn(monkeypatch):
    """What a terminal of some columns is sent."""

    def draw(columns):
        shown = Terminal()
        monkeypatch.setattr(sys, "stdout", shown)
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        assert main(["explain", "SD201"]) == 0
        return shown.getvalue()

    return draw


@pytest.mark.parametrize(("columns", "widest"), [(60, 60), (300, 104)])
def test_a_terminal_gets_it_drawn_in_its_width(drawn, columns, widest):
    text = re.sub(r"\x1b\[[\d;]*m", "", drawn(columns))
    assert "\x1b" not in text
    assert "##" not in text
    assert "```" not in text
    assert widest - 10 < max(map(len, text.splitlines())) <= widest


def test_a_terminal_gets_colours(drawn):
    assert "\x1b[" in drawn(80)


def test_without_a_code_all_are_listed_by_family(run):
    code, out, err = run("explain")
    assert (code, err) == (0, [])
    lines = out.splitlines()
    assert lines[0].startswith("placement: ")
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(CODES)
    assert all(f"  {code}  {title}" in lines for code, title in CODES.items())


def test_an_unknown_code_is_one_line(run):
    code, out, err = run("explain", "SD210")
    assert (code, out) == (2, "")
    assert len(err) == 1
    assert err[0].startswith("samedevice: unknown code 'SD210', did you mean 'SD")
