"""A few hundred mutants of `tools/fuzz_audit.py`; the tool itself makes ten thousand."""

import importlib.util
import sys
import time
from pathlib import Path

import pytest

PATH = Path(__file__).parents[3] / "tools/fuzz_audit.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("fuzz_audit", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_audit"] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    yield module
    del sys.modules["fuzz_audit"]


def test_every_mutant_gets_a_verdict_and_none_runs(tool, tmp_path):
    tally = tool.fuzz(300, 1, tmp_path)
    assert tally.failures == []
    assert tally.verdicts.total() == 300
    assert len(tally.codes) > 20  # the mutants reach many different flaws


def test_the_same_seed_gives_the_same_mutants(tool, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = tool.fuzz(40, 2, tmp_path / "a"), tool.fuzz(40, 2, tmp_path / "b")
    assert first.verdicts == second.verdicts


def broken(path):
    raise ValueError("a bug")


def slow(path):
    time.sleep(5)


def silent(path):
    return iter(())


@pytest.mark.parametrize(
    ("audit", "words"), [(broken, "ValueError: a bug"), (slow, "too long"), (silent, "refuses it")]
)
def test_the_tool_notices_an_audit_that_is_broken(tool, tmp_path, monkeypatch, audit, words):
    monkeypatch.setattr(tool, "audit", audit)
    monkeypatch.setattr(tool, "SECONDS", 0.05)
    tally = tool.fuzz(12 if audit is slow else 60, 3, tmp_path)
    assert any(words in failure for failure in tally.failures)


def test_the_tool_notices_a_pickle_that_ran(tool, tmp_path, monkeypatch):
    def run(path):
        (tmp_path / "marker").touch()
        return iter(())

    monkeypatch.setattr(tool, "audit", run)
    assert any("RAN" in failure for failure in tool.fuzz(2, 4, tmp_path).failures)
