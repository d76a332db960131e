import torch
from torch import nn

from samedevice.harness import fresh_process, loading
from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.finding import Severity
from samedevice.harness.formats import natural
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.roundtrip import take, travel
from samedevice.harness.roundtrip.asking import Reply, replies
from samedevice.harness.roundtrip.verdict import judged
from samedevice.harness.target import Target
from samedevice.models.targets import encoding_target
from samedevice.suites.serialization.roundtrip import ROUNDTRIP

CPU = Device(kind="cpu")
NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, x):
        return self.linear(x)

def inputs():
    return {"x": torch.ones(1, 2)}
"""


def result_of(target):
    (result,) = run([Cell(target=target, device=CPU, check=ROUNDTRIP)])
    return result


def asked(result):
    return {measure.name: measure.value for measure in result.measures}.get("fresh_processes")


def script(tmp_path, text=NET, name="Net"):
    file = tmp_path / "net.py"
    file.write_text(text)
    return loading.target(f"{file}:{name}")


NAMES = """
    def get_extra_state(self):
        return list({"ember", "quartz", "lantern", "meadow", "harbour", "willow"})

    def set_extra_state(self, state):
        return
"""


def test_a_file_that_another_process_writes_otherwise_is_a_note(tmp_path):
    same = {measure.name: measure.value for measure in result_of(script(tmp_path)).measures}
    assert same["files_that_processes_write_otherwise"] == 0
    text = NET.replace("    def forward", NAMES.removeprefix("\n") + "\n    def forward")
    result = result_of(script(tmp_path, text, "Net"))
    notes = [finding for finding in result.findings if finding.code == "SD516"]
    assert [(note.severity, note.subject) for note in notes] == [(Severity.NOTE, "model.pt")]
    assert "when another process saves the model: its member model/data.pkl" in notes[0].message


def test_a_loaded_model_that_cannot_be_saved_there_is_found(tmp_path):
    saving = "    def get_extra_state(self):\n        raise OSError('not here')\n"
    target = script(tmp_path, NET.replace("    def forward", saving + "\n    def forward"))
    hand = take(target, CPU)
    type(hand.model).get_extra_state = nn.Module.get_extra_state  # here alone
    with travel(hand, natural(hand.model), "cpu") as trip:
        (reply,) = replies(trip)
        assert reply.stage == "save"
        assert "cannot save the model again: OSError: not here" in judged(trip, reply).text


def test_a_file_is_built_again_in_a_fresh_process(tmp_path):
    result = result_of(script(tmp_path))
    assert (result.status, asked(result)) == (Status.PASS, 1)


def test_a_target_that_pickles_is_sent():
    result = result_of(encoding_target("sinusoidal"))
    assert (result.status, asked(result)) == (Status.PASS, 1)


def test_a_target_that_neither_pickles_nor_has_an_address_is_not_checked():
    class Local(nn.Linear):
        def __init__(self):
            super().__init__(2, 2)

    result = result_of(Target(name="local", build=Local, inputs=lambda: (torch.ones(1, 2),)))
    assert result.status is Status.NOT_CHECKED
    assert "cannot be pickled" in result.reason
    assert "file.py:name" in result.reason


def test_an_instance_is_not_called_checked_in_full():
    model = nn.Linear(2, 2)
    result = result_of(Target(name="instance", build=lambda: model, inputs=lambda: (torch.ones(1, 2),)))
    assert result.status is Status.NOT_CHECKED
    assert "give a class or a factory" in result.reason


def test_a_target_that_does_not_build_again_is_not_checked(tmp_path):
    marker = tmp_path / "built"
    text = NET + f"\nimport os\nif os.path.exists({str(marker)!r}) and __name__ != 'x': raise OSError('only once')\n"
    target = script(tmp_path, text)
    target.build()
    hand = take(target, CPU)
    marker.touch()
    result = result_of(Target(name="net", build=lambda: hand.model, inputs=target.inputs, address=target.address))
    assert result.status is Status.NOT_CHECKED
    assert "a fresh process cannot build the target: OSError: only once" in result.reason


def test_a_process_that_is_late_is_not_checked(tmp_path, monkeypatch):
    def late(*_, **__):
        raise fresh_process.TimedOut("a fresh process was not done after 1 seconds")

    monkeypatch.setattr(fresh_process, "run", late)
    result = result_of(script(tmp_path))
    assert (result.status, result.reason) == (Status.NOT_CHECKED, "a fresh process was not done after 1 seconds")


def test_a_process_that_crashes_is_a_finding(tmp_path, monkeypatch):
    def crash(*_, **__):
        raise fresh_process.Ended("a fresh process ended with signal 11")

    monkeypatch.setattr(fresh_process, "run", crash)
    (finding,) = result_of(script(tmp_path)).findings
    assert (finding.code, finding.subject) == ("SD512", "Net")
    assert "signal 11" in finding.message


def test_what_is_loaded_otherwise_is_named(tmp_path):
    hand = take(script(tmp_path), CPU)
    with travel(hand, natural(hand.model), "cpu") as trip:
        verdict = judged(trip, Reply(hash_seed=1, state={"linear.weight": "other"}, slots={}))
    assert verdict.subject == "linear.weight"
    assert verdict.text == "loads 2 tensors otherwise: linear.weight, linear.bias"


def test_inputs_of_an_own_class_are_made_again(tmp_path):
    text = NET.replace(
        "def inputs():",
        "class Batch(dict):\n    pass\n\ndef inputs():\n    return Batch(x=torch.ones(1, 2))\n\ndef _():",
    )
    result = result_of(script(tmp_path, text))
    assert (result.status, asked(result)) == (Status.PASS, 1)
