import json
import os
import signal

import pytest

from samedevice.harness import engine, journal


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def suite(run):
    """Runs the fake suite: two targets, on two devices, under two checks, one of which cannot be made."""
    return lambda *words: run("run", "math", "--devices", "cpu,virtual:cuda", *words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--shard", "3/2"), "'3/2' is not a shard: give i/n with i from 1 to n, such as 2/4"),
        (("--memory", "lots"), "'lots' is not a size of memory: give one such as 8G or 500M"),
        (("--timeout", "0"), "argument --timeout: '0' is not a number of seconds: more than 0"),
        (("--timeout", "nan"), "argument --timeout: 'nan' is not a number of seconds: more than 0"),
        (("-j", "-1"), "argument -j/--jobs: '-1' is not a number of workers: 0 or more"),
        (("--require", "real:gpu"), "unknown device 'real:gpu'"),
    ],
)
def test_wrong_words(suite, words, message):
    code, out, err = suite(*words)
    assert (code, out) == (2, "")
    assert err[-1].startswith(f"samedevice: {message}")


def cells(text):
    return [(cell["target"], cell["device"]["kind"], cell["check"]) for cell in json.loads(text)["cells"]]


def test_shards_make_up_the_plan(suite):
    whole = cells(suite("--format", "json")[1])
    parts = [suite("--format", "json", "--shard", f"{index}/2")[:2] for index in (1, 2)]
    assert [code for code, _ in parts] == [0, 0]
    assert [cell for _, text in parts for cell in cells(text)] == whole
    assert len(whole) == 8


def test_an_empty_shard_is_no_failure(suite):
    code, _, err = suite("--shard", "5/9")
    assert code == 0
    assert err == [
        "samedevice: there is nothing to do: shard 5/9 of this plan is empty",
        "samedevice: 0 cells (none), 0 findings",
    ]


def test_require_may_be_repeated(suite):
    assert suite("--require", "cpu", "--require", "virtual:cuda")[0] == 0
    code, _, err = suite("--require", "cpu,virtual:cuda", "--require", "real:xpu:9")
    assert code == 4
    assert err[-1].endswith("; real:xpu:9 was required and not checked")


def test_what_was_done_is_not_done_again(suite, monkeypatch):
    def interrupted(cell, *_):
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(journal.key_of(cell))
        return result_of(cell)

    asked = []
    result_of = engine.result_of
    monkeypatch.setattr(engine, "result_of", interrupted)
    code, out, err = suite()
    assert code == 4
    assert out.count("not-checked") == 6  # one of them does not generate, and five had no turn
    assert "samedevice: interrupted; --resume goes on with what is in .samedevice/run-math.jsonl" in err
    assert err[-1].endswith("; interrupted")

    first, asked = asked, []
    monkeypatch.setattr(engine, "result_of", lambda cell: (asked.append(journal.key_of(cell)), result_of(cell))[1])
    code, out, err = suite("--resume")
    assert (code, out) == (0, suite()[1])
    assert "samedevice: resumed: 3 of 8 cells are in .samedevice/run-math.jsonl" in err
    assert not set(first) & set(asked[:5])
    assert not journal.FOLDER.exists()


def test_a_cancelled_job_reports_too(suite, monkeypatch):
    def cancelled(cell, *_):
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("still here")

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(engine, "result_of", cancelled)
    code, _, err = suite()
    assert code == 4
    assert err[-1].endswith("nothing was checked")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_journal_that_cannot_be_kept_is_said_and_costs_nothing(suite, tmp_path):
    (tmp_path / ".samedevice").write_text("a file of the user's")
    code, _, err = suite()
    assert code == 0
    assert "samedevice: no journal is kept: cannot write .samedevice/run-math.jsonl: File exists" in err
