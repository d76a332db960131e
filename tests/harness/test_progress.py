import io
from contextlib import suppress

import pytest

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.plan import grid
from samedevice.harness.progress import bar
from samedevice.harness.target import Target

CELLS = grid(
    [Target(name="rope[/gpt2]", build=object), Target(name="alibi", build=object)],
    [Device(kind="cuda", virtual=True)],
    [Check(name="forward", title="", question="", run=lambda target, device: iter(()))],
)


class Screen(io.StringIO):
    def __init__(self, is_terminal):
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal


@pytest.fixture
def screen(monkeypatch):
    def install(is_terminal):
        found = Screen(is_terminal)
        monkeypatch.setattr("sys.stderr", found)
        return found

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    return install


def test_a_terminal_sees_which_cell_is_worked_on(screen, capsys):
    terminal = screen(True)
    with bar(len(CELLS)) as tell:
        for cell in CELLS:
            tell(cell)
            tell(None)
    assert "rope[/gpt2] · virtual cuda:0 · forward" in terminal.getvalue()
    assert "0/2" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_what_was_done_before_counts(screen):
    terminal = screen(True)
    with bar(2, done=1) as tell:
        tell(CELLS[1])
    assert "1/2" in terminal.getvalue()


def test_a_file_sees_nothing(screen):
    file = screen(False)
    with bar(len(CELLS)) as tell:
        tell(CELLS[0])
        tell(None)
    assert file.getvalue() == ""


def test_leaving_early_gives_the_terminal_back(screen):
    terminal = screen(True)
    with suppress(KeyboardInterrupt), bar(len(CELLS)) as tell:
        tell(CELLS[0])
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")  # the cursor is back, the bar gone
