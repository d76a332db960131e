from pathlib import Path

from samedevice.harness.finding import Location
from samedevice.reports.formats.source import place, source_line


def test_the_line_is_shown_without_its_indent(tmp_path):
    file = tmp_path / "rope.py"
    file.write_text("class Rope:\n    scale = 1\n")
    assert source_line(Location(file=str(file), line=2)) == "scale = 1"


def test_what_is_not_there_or_no_python_shows_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret\n")
    assert source_line(Location(file=str(secret), line=1)) == ""
    assert source_line(Location(file=str(tmp_path / "gone.py"), line=1)) == ""


def test_a_place_is_relative_to_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place(Location(file=str(tmp_path / "a" / "b.py"), line=7)) == str(Path("a/b.py")) + ":7"
    assert place(Location(file="/elsewhere/b.py", line=7)) == str(Path("/elsewhere/b.py")) + ":7"
    assert place(Location(file="corruption.py", line=42)) == "corruption.py:42"
