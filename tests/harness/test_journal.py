import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness import journal
from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.finding import Finding
from samedevice.harness.plan import grid
from samedevice.harness.result import Result, Status
from samedevice.harness.target import Target

CELLS = grid(
    [Target(name=name, build=object) for name in "ab"],
    [Device(kind="cpu"), Device(kind="cuda", virtual=True)],
    [Check(name="forward", title="", question="", run=lambda target, device: iter(()))],
    suite="s",
)
KEYS = [journal.key_of(cell) for cell in CELLS]
MADE = {"torch": "2.13", "transformers": None}


def result(cell):
    finding = Finding(code="SD201", message="a\nb\tc")
    return Result(
        suite="s", target=cell.target.name, device=cell.device, check="forward", status=Status.FAIL, findings=(finding,)
    )


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(count=3, made=MADE, held=journal.NOTHING):
    """A journal of the first cells, the second of which had no result, left as a killed run leaves it."""
    log = journal.Journal(journal.path("run"), made, held)
    for i, cell in enumerate(CELLS[:count]):
        log.append(cell, None if i == 1 else result(cell))
    log.close(is_finished=False)
    assert log.problem is None
    return log.file


def test_what_was_done_is_held():
    held = journal.read(written(), MADE, CELLS)
    assert held.results == {KEYS[0]: result(CELLS[0]), KEYS[1]: None, KEYS[2]: result(CELLS[2])}
    assert held.note == "resumed: 3 of 4 cells are in .samedevice/run.jsonl"


def test_a_run_goes_on_in_the_same_file():
    file = written(2)
    held = journal.read(file, MADE, CELLS)
    log = journal.Journal(file, MADE, held)
    log.append(CELLS[3], result(CELLS[3]))
    log.close(is_finished=False)
    assert set(journal.read(file, MADE, CELLS).results) == {KEYS[0], KEYS[1], KEYS[3]}
    assert not file.with_suffix(".jsonl.old").exists()


def test_a_line_that_was_cut_short_costs_its_cell_alone():
    whole = written().read_bytes()
    lines = whole.splitlines(keepends=True)
    last_begins = len(whole) - len(lines[-1])
    for cut in range(last_begins, len(whole)):
        file = journal.path("run")
        file.write_bytes(whole[:cut])
        held = journal.read(file, MADE, CELLS)
        assert set(held.results) - {KEYS[2]} == {KEYS[0], KEYS[1]}
        assert held.results.get(KEYS[2], result(CELLS[2])) == result(CELLS[2])
        log = journal.Journal(file, MADE, held)
        log.append(CELLS[2], result(CELLS[2]))
        log.close(is_finished=False)
        assert journal.read(file, MADE, CELLS).results[KEYS[2]] == result(CELLS[2])


def test_a_finished_run_leaves_nothing():
    log = journal.Journal(journal.path("run"), MADE, journal.NOTHING)
    log.append(CELLS[0], None)
    log.close(is_finished=True)
    assert not journal.FOLDER.exists()


def test_nor_does_it_take_away_what_is_another_run_s():
    written()
    log = journal.Journal(journal.path("check", "net.py:Net"), MADE, journal.NOTHING)
    log.close(is_finished=True)
    assert [file.name for file in sorted(journal.FOLDER.iterdir())] == [".gitignore", "run.jsonl"]


def test_nothing_to_resume():
    assert journal.read(journal.path("run"), MADE, CELLS).note == "nothing to resume: there is no .samedevice/run.jsonl"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({**MADE, "torch": "2.14"}, "made with torch 2.13, and this is torch 2.14"),
        ({**MADE, "code of the target": "f"}, "made with code of the target None, and this is code of the target f"),
    ],
)
def test_other_versions_start_over_and_the_old_results_are_kept(made, told):
    file = written()
    before = file.read_bytes()
    held = journal.read(file, made, CELLS)
    assert held.results == {}
    assert held.note == f"started over: the journal was {told}"
    written(1, made, held)
    assert file.with_suffix(".jsonl.old").read_bytes() == before


def test_a_changed_plan_keeps_what_it_has_in_common():
    held = journal.read(written(), MADE, CELLS[1:])
    assert set(held.results) == set(KEYS[1:3])
    assert held.note == "resumed: 2 of 3 cells are in .samedevice/run.jsonl; 1 more are not in this plan"


def test_a_strange_file_is_no_journal():
    file = written()
    file.write_text("[1]\n")
    held = journal.read(file, MADE, CELLS)
    assert (held.results, held.note) == ({}, "started over: .samedevice/run.jsonl is not a journal")


def test_two_runs_do_not_share_a_journal():
    first = journal.Journal(journal.path("run"), MADE, journal.NOTHING)
    second = journal.Journal(journal.path("run"), MADE, journal.NOTHING)
    second.append(CELLS[0], None)
    second.close(is_finished=True)
    assert second.problem == "no journal is kept: another run writes .samedevice/run.jsonl"
    first.append(CELLS[1], None)
    first.close(is_finished=False)
    assert list(journal.read(first.file, MADE, CELLS).results) == [KEYS[1]]


def test_where_none_can_be_kept_the_run_goes_on():
    journal.FOLDER.write_text("a file of the user's")
    log = journal.Journal(journal.path("run"), MADE, journal.NOTHING)
    log.append(CELLS[0], None)
    log.close(is_finished=True)
    assert log.problem == "no journal is kept: cannot write .samedevice/run.jsonl: File exists"


def test_what_a_killed_process_wrote_is_there():
    text = (
        "import os, signal, sys; sys.path[:0] = [sys.argv[1]]; import test_journal as here\n"
        "log = here.journal.Journal(here.journal.path('run'), here.MADE, here.journal.NOTHING)\n"
        "for cell in here.CELLS: log.append(cell, here.result(cell))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", text, __file__.rpartition("/")[0]], check=False, timeout=60)
    assert set(journal.read(journal.path("run"), MADE, CELLS).results) == set(KEYS)


@given(st.text(min_size=1))
def test_any_words_make_a_file_name(word):
    name = journal.path("check", word).name
    assert len(name) < 100
    assert "/" not in name


def test_the_digest_is_of_the_cells_in_their_order():
    assert journal.digest(CELLS) == journal.digest(list(CELLS))
    assert journal.digest(CELLS) != journal.digest(CELLS[::-1])
    assert json.loads(json.dumps(KEYS[0])) == list(KEYS[0])
