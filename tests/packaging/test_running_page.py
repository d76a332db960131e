"""docs/running.md names what there is: its options, its sentences."""

import re
from pathlib import Path

import pytest

from samedevice.harness import journal
from samedevice.harness.cli.door import parser

PAGE = (Path(__file__).parents[2] / "docs" / "running.md").read_text()
OPTIONS = sorted(set(re.findall(r"`(--?[a-z]+)", PAGE.partition("## With pytest")[0])))


@pytest.mark.parametrize("option", OPTIONS)
def test_its_options_are_there(option, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--help"])
    assert re.search(rf"(^|\s){option}[\s,]", capsys.readouterr().out)


def test_it_shows_what_the_journal_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = journal.path("run", "zoo")
    log = journal.Journal(file, {"torch": "2.13.0"}, journal.NOTHING)
    log.close(is_finished=False)
    told = [journal.read(file, {"torch": torch}, []).note for torch in ("2.13.0", "2.14.0")]
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)[1]
    for note in told:
        assert f"samedevice: {re.sub('0 of 0', '1204 of 5600', note)}\n" in shown
