"""Hostile targets end with the right verdict, cost no other cell anything, and leave nothing running."""

import re
import time
from pathlib import Path

import psutil
import pytest

from samedevice.harness import catalog, loading
from samedevice.harness.device import Device
from samedevice.harness.isolation import Crew, Limits
from samedevice.harness.plan import grid
from samedevice.harness.result import Status

FILE = Path(__file__).with_name("hostile.py")
CPU = Device(kind="cpu")
TIMEOUT = 3.0
HUNG = r"^not done after 3 seconds \(--timeout\)"
AT = r", at \S*hostile\.py:\d+"

# What each is to be told; None where it is a pass.
VERDICTS = {
    "segfault": rf"^the process was killed by SIGSEGV \(.*\){AT}$",
    "abort": rf"^the process was killed by SIGABRT{AT}$",
    "infinite_loop": HUNG + AT,
    "sys_exit": r"^SystemExit: 3 \(\S*hostile\.py:\d+\)$",
    "os_exit": r"^the process ended with exit status 7 in the middle of the cell; its last words: bye$",
    "hoard": r"^the process held \d\.\d\d GB of memory, of 0\.80 GB that it may \(--memory\)$",
    "impossible_allocation": r"^RuntimeError: .*allocate",
    "fork_returns": None,
    "many_children": None,
    "daemon": None,
    "subprocess_left": None,
    "flood": None,
    "endless_flood": HUNG + AT,
    "recursion": r"^RecursionError: maximum recursion depth",
    "c_stack_overflow": rf"^(the process was killed by SIGSEGV \(.*\){AT}$|RecursionError)",  # by version of Python
    "mute_exception": r"^Mute: its message raises RuntimeError \(\S*hostile\.py:\d+\)$",
    "unpicklable_exception": r"^Unpicklable: kept \(",
    "long_message": r"^ValueError: (long )+.{0,4}… \(\S*hostile\.py:\d+\)$",
    "thread_left": None,
    "closes_standard": None,
    "closes_streams": None,
    "closes_all": r"^the process ended with exit status 1 in the middle of the cell",
    "changes_folder": None,
    "kills_parents_group": r"^the process that watches over the target's is gone: .* SIGKILL",
    "kills_own_group": r"^the process was killed by SIGKILL \(the system does that when memory runs out\)$",
    "stops_itself": HUNG,
    "signals_blocked": HUNG + AT,
    "holds_the_gil": HUNG + AT,
    "hook_at_exit": None,
    "default_device": None,
    "many_threads": None,
    "no_gradients": None,
    "patches_torch": r"^RuntimeError: patched \(\S*hostile\.py:\d+\)$",
    "without_builtins": None,
    "warnings_as_errors": r"^UserWarning: careful \(\S*hostile\.py:\d+\)$",
    "binary_output": None,
    "stop_iteration": r"StopIteration",
    "base_exception": r"^Stop: enough \(\S*hostile\.py:\d+\)$",
    "keyboard_interrupt": r"^KeyboardInterrupt \(\S*hostile\.py:\d+\)$",
    "Named": None,
    "segfault_in_build": rf"^the process was killed by SIGSEGV \(.*\){AT}$",
}


@pytest.fixture(scope="module")
def pids(tmp_path_factory):
    """The file in which targets note what they leave behind."""
    file = tmp_path_factory.mktemp("hostile") / "pids"
    file.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMEDEVICE_TEST_PIDS", str(file))
        yield file


@pytest.fixture(scope="module")
def crew(pids):
    found = Crew(Limits(timeout=TIMEOUT, memory=800_000_000), 1)
    yield found
    found.close()


def results(crew, word, *names):
    cells = grid([loading.target(word)], [CPU], catalog.checks(names))
    return [result for _, result in sorted(crew.run(cells, lambda _: None), key=lambda found: found[0])]


@pytest.mark.parametrize("name", VERDICTS)
def test_verdict(crew, name):
    (result,) = results(crew, f"{FILE}:{name}", "forward")
    wanted = VERDICTS[name]
    assert (result.status, result.check, result.device) == (Status.ERROR if wanted else Status.PASS, "forward", CPU)
    assert result.target == f"{FILE}:{name}"
    if wanted:
        assert re.search(wanted, result.reason), result.reason
        assert len(result.reason) < 1000


def test_there_are_enough_of_them():
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("hostile", FILE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert {*module.ACTS, "Named", "segfault_in_build"} == set(VERDICTS)
    assert len(VERDICTS) >= 30


def test_the_next_target_is_as_if_nothing_had_been(crew, pids):
    """After all of the above, in the same crew."""
    healthy = FILE.with_name("healthy.py")
    assert [result.status for result in results(crew, f"{healthy}:Net", "forward", "backward")] == [Status.PASS] * 2
    deadline = time.monotonic() + 5
    left = {int(pid) for pid in pids.read_text().split()}
    while left and time.monotonic() < deadline:
        left = {pid for pid in left if psutil.pid_exists(pid)}
        time.sleep(0.05)
    assert left == set()


ONCE = """
import ctypes, os, signal, time, torch
from pathlib import Path

FLAG = Path(__file__).with_suffix(".flag")


class Once(Net):
    def forward(self, x):
        if not FLAG.exists():
            FLAG.touch()
            {act}
        return super().forward(x)
"""


@pytest.mark.parametrize(
    "act", ["ctypes.string_at(0)", "os._exit(0)", "time.sleep(600)", "os.kill(os.getppid(), signal.SIGKILL)"]
)
def test_the_other_cells_of_a_target_go_on_in_a_new_process(crew, tmp_path, act):
    file = tmp_path / "once.py"
    file.write_text(FILE.with_name("healthy.py").read_text() + ONCE.format(act=act))
    found = results(crew, f"{file}:Once", "forward", "placement", "backward")
    assert [result.status for result in found] == [Status.ERROR, Status.PASS, Status.PASS]
    assert [result.check for result in found] == ["forward", "placement", "backward"]


@pytest.mark.parametrize(
    "act", ["torch.set_default_device('meta')", "torch.set_grad_enabled(False)", "os.chdir('/')", "os.close(1)"]
)
def test_nor_does_what_it_sets_reach_them(crew, tmp_path, act):
    file = tmp_path / "once.py"
    file.write_text(FILE.with_name("healthy.py").read_text() + ONCE.format(act=act))
    found = results(crew, f"{file}:Once", "forward", "placement", "backward")
    assert [result.status for result in found] == [Status.PASS] * 3


def test_a_file_that_deletes_itself(crew, tmp_path):
    file = tmp_path / "gone.py"
    text = FILE.with_name("healthy.py").read_text()
    file.write_text(f"{text}\nfrom pathlib import Path\n\nPath(__file__).unlink()\n")
    first, second = results(crew, f"{file}:Net", "forward", "placement")
    assert first.status is Status.PASS
    assert second.reason.startswith("FileNotFoundError: ")
    assert "gone.py" in second.reason


def test_what_a_flood_leaves_is_its_end(crew, capsys):
    results(crew, f"{FILE}:flood", "forward")
    printed = capsys.readouterr().err
    assert len(printed) < 20_000
    assert re.match(r"\[\d{8} bytes more\]\n", printed)
    assert printed.endswith("\nthe end of the flood\n")


def test_a_warden_that_is_stopped_is_replaced(crew, monkeypatch, tmp_path):
    monkeypatch.setattr("samedevice.harness.isolation.post.PATIENCE", 0.5)
    monkeypatch.setattr("samedevice.harness.isolation.crew.LOOK", 0.5)
    file = tmp_path / "stopper.py"
    act = "import os, signal\n\n\ndef stopped():\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return Net()\n"
    file.write_text(FILE.with_name("healthy.py").read_text() + act)
    (result,) = results(crew, f"{file}:stopped", "forward")
    assert result.status is Status.PASS or "watches over" in result.reason
