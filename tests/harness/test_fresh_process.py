import sys
import time

import pytest

from samedevice.harness.fresh_process import Ended, TimedOut, run


@pytest.fixture
def module(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)

    def write(text):
        (tmp_path / "the_module.py").write_text(text)
        return "the_module"

    return write


def test_it_runs_with_its_hash_seed_its_path_and_its_arguments(module, tmp_path):
    name = module("import os, sys; open(sys.argv[1], 'w').write(os.environ['PYTHONHASHSEED'] + sys.path[1])")
    run(name, [str(tmp_path / "said")], hash_seed=7)
    assert (tmp_path / "said").read_text().startswith("7")
    assert str(tmp_path) in sys.path


def test_a_crash_says_its_last_line(module):
    with pytest.raises(Ended, match=r"exit status 1: ValueError: no such thing$"):
        run(module("raise ValueError('no such thing')"), [], hash_seed=1)


def test_a_signal_is_named(module):
    with pytest.raises(Ended, match="signal 11"):
        run(module("import os; os.kill(os.getpid(), 11)"), [], hash_seed=1)


def test_a_flood_of_output_is_swallowed(module):
    name = module(
        "import sys\nfor _ in range(3000): sys.stderr.write('x' * 1000); sys.stdout.write('y' * 1000)\nsys.exit('end')"
    )
    with pytest.raises(Ended) as ended:
        run(name, [], hash_seed=1)
    assert len(str(ended.value)) < 700


def test_one_that_hangs_is_ended_and_what_it_started_too(module, tmp_path):
    late = f"import time; time.sleep(3); open({str(tmp_path / 'late')!r}, 'w')"
    name = module(f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {late!r}])\ntime.sleep(60)")
    started = time.monotonic()
    with pytest.raises(TimedOut, match=r"not done after 1\.5 seconds"):
        run(name, [], hash_seed=1, patience=1.5)
    assert time.monotonic() - started < 15
    time.sleep(2.5)
    assert not (tmp_path / "late").exists()
