from dataclasses import replace

import pytest

from samedevice.harness.errors import UsageError
from samedevice.harness.fidelity import journal
from samedevice.harness.fidelity.asking import Omission
from samedevice.harness.fidelity.recording import read, text


@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "a.json")


def kept(file, header, found):
    journal.begin(file, header, resume=False)
    return list(journal.append(file, iter(found)))


def test_rows_pass_and_are_kept(file, header, rows):
    found = [*rows, Omission(subject="ops/x", reason="no")]
    assert kept(file, header, found) == found
    assert journal.begin(file, header, resume=True).rows == rows


def test_an_unfinished_recording_is_not_lost(file, header, rows):
    kept(file, header, rows)
    with pytest.raises(
        UsageError, match=r"a\.json\.partial is an unfinished recording: go on with --resume, or delete"
    ):
        journal.begin(file, header, resume=False)


def test_a_line_that_was_cut_short_is_recorded_again(file, header, rows):
    kept(file, header, rows)
    path = journal.path(file)
    path.write_text(path.read_text(encoding="utf-8")[:-7], encoding="utf-8")
    assert journal.begin(file, header, resume=True).rows == rows[:-1]
    list(journal.append(file, iter(rows[-1:])))
    assert journal.begin(file, header, resume=True).rows == rows


def test_another_device_does_not_go_on(file, header, rows):
    kept(file, header, rows)
    with pytest.raises(UsageError, match=r"it was recorded on real cuda:0 \(NVIDIA H200\) with torch 2\.13\.0\+cu130"):
        journal.begin(file, replace(header, model="Tesla T4"), resume=True)


def test_a_damaged_journal_is_refused(file, header):
    journal.path(file).write_text("{}\n")
    with pytest.raises(UsageError, match="is damaged; delete it and start again"):
        journal.begin(file, header, resume=True)


def test_the_finished_file_takes_its_place_and_can_grow(file, header, rows, recording):
    kept(file, header, rows)
    journal.finish(file, recording)
    assert not journal.path(file).exists()
    assert read(file) == recording
    assert journal.begin(file, header, resume=True).rows == rows


def test_resuming_nothing_begins(file, header):
    assert journal.begin(file, header, resume=True).rows == ()
    assert journal.path(file).exists()
    assert text(journal.begin(file, header, resume=True))
