import sys
import warnings
from contextlib import contextmanager

import pytest
import torch

from samedevice.harness import engine
from samedevice.harness.blame import OURS
from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.errors import NotChecked, UsageError
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target

CPU = Device(kind="cpu")
MODEL = Target(name="model", build=lambda: torch.nn.Linear(2, 2))


def result_of(run, target=MODEL, device=CPU):
    cell = Cell(target=target, device=device, check=Check(name="c", title="", question="", run=run), suite="s")
    (result,) = engine.run([cell])
    assert (result.target, result.device, result.check, result.suite) == (target.name, device, "c", "s")
    assert result.seconds >= 0
    return result


def finding(severity):
    return Finding(code="SD201", message="mixed", severity=severity)


def test_pass_with_measures_and_notes():
    measure, note = Measure(name="n", value=1), finding(Severity.NOTE)
    result = result_of(lambda target, device: iter([measure, note]))
    assert (result.status, result.measures, result.findings, result.reason) == (Status.PASS, (measure,), (note,), None)


@pytest.mark.parametrize(("severity", "status"), [(Severity.ERROR, Status.FAIL), (Severity.WARNING, Status.PASS)])
def test_only_errors_fail(severity, status):
    assert result_of(lambda target, device: iter([finding(severity)])).status is status


def test_not_checked_keeps_what_was_found():
    def run(target, device):
        raise NotChecked("does not generate")
        yield

    def late(target, device):
        yield finding(Severity.ERROR)
        raise NotChecked("the rest does not apply")

    assert result_of(run).status is Status.NOT_CHECKED
    assert result_of(run).reason == "does not generate"
    assert result_of(late).status is Status.FAIL


def test_a_crash_of_the_target_names_its_line():
    def broken():
        raise ValueError("bad\n  layers")

    result = result_of(lambda target, device: iter([target.build()]), Target(name="broken", build=broken))
    assert result.status is Status.ERROR
    line = broken.__code__.co_firstlineno + 1
    assert result.reason == f"ValueError: bad layers ({_here()}:{line})"


def test_the_line_is_the_innermost_outside_torch():
    class Net(torch.nn.Module):
        def forward(self, x):
            return torch.nn.functional.linear(x, torch.ones(3, 3))

    result = result_of(lambda target, device: iter([target.build()(torch.ones(2, 2))]), Target(name="n", build=Net))
    assert f"({_here()}:{Net.forward.__code__.co_firstlineno + 1})" in result.reason
    assert result.reason.startswith("RuntimeError: ")


def test_what_was_found_before_a_crash_is_kept():
    def run(target, device):
        yield finding(Severity.ERROR)
        raise RuntimeError

    result = result_of(run)
    assert (result.status, len(result.findings)) == (Status.ERROR, 1)
    assert result.reason.startswith("RuntimeError (")


def test_a_script_that_exits_ends_its_cell_alone():
    def leave():
        sys.exit(3)

    target = Target(name="script", build=leave)
    assert result_of(lambda target, device: iter([target.build()]), target).reason.startswith("SystemExit: 3")


def test_a_defect_of_ours_is_called_ours(monkeypatch):
    monkeypatch.setattr("samedevice.harness.blame._PACKAGE", _folder())
    monkeypatch.setattr("samedevice.harness.blame._HERE", _folder() / "elsewhere")

    def run(target, device):
        raise KeyError("gone")
        yield

    assert result_of(run).reason.startswith(f"{OURS}KeyError: 'gone' (")


def test_ctrl_c_passes():
    def run(target, device):
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        result_of(run)


def test_the_device_stands_while_the_check_runs(monkeypatch):
    seen = []

    @contextmanager
    def standing(device):
        seen.append(("on", device))
        yield
        seen.append(("off", device))

    monkeypatch.setattr(engine, "standing", standing)

    def run(target, device):
        seen.append(("run", device))
        yield from ()

    result_of(run)
    assert seen == [("on", CPU), ("run", CPU), ("off", CPU)]


def test_an_absent_real_device_is_not_checked(monkeypatch):
    monkeypatch.setattr(engine, "absence", lambda device: f"no real {device.name}")

    def run(target, device):
        raise AssertionError("must not run")
        yield

    result = result_of(run, device=Device(kind="cuda"))
    assert (result.status, result.reason) == (Status.NOT_CHECKED, "no real cuda:0")


def test_noise_goes_to_standard_error(capsys):
    def run(target, device):
        print("epoch 1")
        warnings.warn("deprecated", stacklevel=1)
        yield from ()

    assert result_of(run).status is Status.PASS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "epoch 1\n"


def test_results_come_one_by_one():
    begun = []
    check = Check(name="c", title="", question="", run=lambda target, device: iter(begun.append(target.name) or ()))
    cells = (Cell(target=Target(name=name, build=object), device=CPU, check=check) for name in "ab")
    results = engine.run(cells)
    next(results)
    assert begun == ["a"]


def test_unloadable_is_refused_only_where_no_device_helps(monkeypatch):
    @contextmanager
    def standing(device):
        standing.on = device
        yield

    monkeypatch.setattr(engine, "standing", standing)
    cuda = Device(kind="cuda", virtual=True)

    def insisting():
        if standing.on is not cuda:
            raise AssertionError("Torch not compiled with CUDA enabled")
        return torch.nn.Identity()

    target = Target(name="insisting", build=insisting)
    engine.refuse_unloadable(target, [CPU, cuda])
    with pytest.raises(UsageError, match=r"^insisting does not load: AssertionError: Torch not compiled .*\(.*:\d+\)$"):
        engine.refuse_unloadable(target, [CPU])


def test_inputs_are_tried_too():
    def inputs():
        raise KeyError("x")

    with pytest.raises(UsageError, match="m does not load: KeyError: 'x'"):
        engine.refuse_unloadable(Target(name="m", build=torch.nn.Identity, inputs=inputs), [CPU])


def _here():
    from pathlib import Path

    file = Path(__file__)
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(file)


def _folder():
    from pathlib import Path

    return Path(__file__).parent.parent
