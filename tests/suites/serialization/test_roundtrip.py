import pytest
import torch
from torch import nn

import samedevice
from samedevice.harness.device import Device
from samedevice.harness.errors import UsageError
from samedevice.harness.finding import Severity
from samedevice.harness.formats import FORMATS, named
from samedevice.harness.plan import of_suites
from samedevice.harness.result import Status
from samedevice.harness.roundtrip.losses import losses
from samedevice.models.targets import encoding_target, reasoner_target
from samedevice.suites.serialization import IN_FORMATS, SUITE
from samedevice.suites.serialization.questions import HERE, PROCESS
from samedevice.suites.serialization.repeat import BYTES
from samedevice.suites.serialization.roundtrip import in_format

CPU = Device(kind="cpu")
OTHERS = [
    Device(kind="cuda", virtual=True),
    Device(kind="cuda", index=1, virtual=True),
    Device(kind="mps", virtual=True),
]


def batch():
    return {"x": torch.linspace(-1, 1, 6).reshape(2, 3)}


def counted(result):
    return {measure.name: measure.value for measure in result.measures if measure.name.endswith("across_devices")}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)

    def forward(self, x):
        return self.linear(x)


def test_every_question_is_asked_and_has_a_name_of_its_own():
    assert len({question.name for question in (*HERE, PROCESS)}) == len(HERE) + 1
    assert all(question.question.endswith("?") for question in (*HERE, PROCESS))


def test_every_format_has_a_check_and_the_suite_runs_the_safe_ones():
    assert [check.name for check in IN_FORMATS] == [fmt.name for fmt in FORMATS]
    assert {check.name for check in SUITE.checks} == {fmt.name for fmt in FORMATS if not fmt.unsafe} | {"bytes"}


def test_the_suite_asks_every_model():
    names = {cell.target.name for cell in of_suites([SUITE], [CPU])}
    assert {"rope", "sinusoidal", "alibi_gpt2", "math_adaptive_gpt_neox"} <= names


@pytest.mark.parametrize("device", OTHERS, ids=lambda device: device.name)
@pytest.mark.parametrize("name", ["state_dict", "safetensors", "distributed"])
def test_a_model_loads_on_the_device_it_was_saved_on_and_on_the_cpu(outcome, device, name):
    result = outcome(in_format(named(name)), Net, device, batch)
    assert (result.status, result.findings) == (Status.PASS, ())
    assert counted(result) == {"loads_across_devices": 2, "answers_across_devices": 1}


@pytest.mark.parametrize("device", OTHERS, ids=lambda device: device.name)
def test_a_reasoner_loads_with_a_device_map_too(outcome, device):
    result = outcome(in_format(named("pretrained")), reasoner_target("rope", "gpt2"), device)
    assert (result.status, result.findings) == (Status.PASS, ())
    assert counted(result) == {"loads_across_devices": 4, "answers_across_devices": 2}


def test_without_accelerate_nothing_is_loaded_with_a_device_map(outcome, monkeypatch):
    monkeypatch.setattr("samedevice.harness.formats.pretrained.find_spec", lambda name: None)
    result = outcome(in_format(named("pretrained")), reasoner_target("rope", "gpt2"), OTHERS[0])
    assert (result.status, counted(result)["loads_across_devices"]) == (Status.PASS, 2)
    assert not named("mapped").applies(reasoner_target("rope", "gpt2").build())


def test_a_tensor_that_stays_where_it_was_written_is_found(outcome):
    class Sticky(Net):
        def __init__(self):
            super().__init__()
            self.register_buffer("origin", torch.zeros(1))

        def _apply(self, fn, recurse=True):
            origin = self._buffers.pop("origin")
            super()._apply(fn, recurse)
            self._buffers["origin"] = origin
            return self

    result = outcome(in_format(named("state_dict")), Sticky, OTHERS[0], batch)
    assert [(finding.code, finding.subject) for finding in result.findings] == [("SD514", "origin")]
    assert "loaded for cuda:0, `origin` is on cpu" in result.findings[0].message


def test_a_checkpoint_that_the_class_refuses_elsewhere_is_found(outcome):
    class Refusing(Net):
        def load_state_dict(self, state, *args, **kwargs):
            raise RuntimeError("no")

    (finding, *_) = outcome(in_format(named("state_dict")), Refusing, OTHERS[0], batch).findings
    assert finding.code == "SD514"
    assert "saved on cuda:0, the model does not load on cuda:0" in finding.message


class Answering(Net):
    """What it multiplies by depends on where the state came from."""

    def __init__(self):
        super().__init__()
        self.factor = 1.0

    def load_state_dict(self, state, *args, **kwargs):
        where = {tensor.device.type for tensor in state.values()}
        self.factor = 1.0 if where == {"cpu"} else 2.0
        return super().load_state_dict(state, *args, **kwargs)

    def forward(self, x):
        return super().forward(x) * self.factor


def test_other_answers_from_the_same_files_on_a_device_are_found(outcome):
    (finding,) = outcome(in_format(named("state_dict")), Answering, OTHERS[0], batch).findings
    assert (finding.code, finding.subject) == ("SD514", "output")
    assert "loaded on cuda:0 answers otherwise than the one that is loaded on cpu" in finding.message
    assert "6 of 6 numbers of output differ" in finding.message


def test_a_model_that_itself_computes_otherwise_on_a_device_is_no_matter_of_loading(outcome):
    class Elsewhere(Net):
        def forward(self, x):
            return super().forward(x) * (1.0 if x.device.type == "cpu" else 2.0)

    assert outcome(in_format(named("state_dict")), Elsewhere, OTHERS[0], batch).findings == ()


def test_what_no_load_restores_is_said_on_the_cpu_alone(outcome):
    class Drawn(Net):
        def __init__(self):
            super().__init__()
            self.planes = torch.randn(3)

        def forward(self, x):
            return super().forward(x) * self.planes.to(x.device)

    check = in_format(named("state_dict"))
    assert [finding.code for finding in outcome(check, Drawn, CPU, batch).findings] == ["SD507"]
    assert outcome(check, Drawn, OTHERS[0], batch).findings == ()


def test_mixed_devices_of_the_model_itself_are_for_placement_to_say(outcome):
    class Mixing(Net):
        def forward(self, x):
            return super().forward(x) + torch.ones(3)

    assert outcome(in_format(named("state_dict")), Mixing, OTHERS[0], batch).findings == ()


def test_a_model_without_inputs_is_compared_by_its_state_on_a_device(outcome):
    result = outcome(in_format(named("state_dict")), Net, OTHERS[0])
    assert counted(result) == {"loads_across_devices": 2, "answers_across_devices": 0}


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, tokens):
        return self.head(self.embed(tokens))


class PartedByMoves(Tied):
    def _apply(self, fn, recurse=True):
        for module in (self.embed, self.head):
            module.weight = nn.Parameter(fn(module.weight.detach()))
        return self


def tokens():
    return {"tokens": torch.arange(6)}


@pytest.mark.parametrize("device", OTHERS, ids=lambda device: device.name)
def test_a_move_that_parts_a_tie_is_found_on_the_device(outcome, device):
    check = in_format(named("state_dict"))
    assert outcome(check, Tied, device, tokens).findings == ()
    (finding,) = outcome(check, PartedByMoves, device, tokens).findings
    assert (finding.code, finding.subject) == ("SD510", "head.weight")
    assert f"no longer do after `.to('{device.name}')`" in finding.message


def test_a_load_by_assignment_is_a_note_for_its_caller(outcome):
    (finding,) = outcome(in_format(named("state_dict")), Tied, CPU, tokens).findings
    assert (finding.code, finding.severity, finding.subject) == ("SD510", Severity.NOTE, "head.weight")
    assert "two after `load_state_dict(..., assign=True)`" in finding.message


def test_a_pickle_is_called_unsafe_and_passes(outcome):
    result = outcome(in_format(named("pickled")), encoding_target("sinusoidal"), CPU)
    assert result.status is Status.PASS
    assert [(finding.code, finding.severity) for finding in result.findings] == [("SD515", Severity.NOTE)]


def test_a_format_that_does_not_apply_says_so():
    report = samedevice.roundtrip(Net, batch, formats=["pretrained"])
    assert [cell.status for cell in report.cells] == [Status.NOT_CHECKED]
    assert report.cells[0].reason == "save_pretrained of transformers does not take a Net"


def test_an_unknown_format_is_one_line():
    with pytest.raises(UsageError, match="unknown file format 'safetensor'"):
        samedevice.roundtrip(Net, batch, formats=["safetensor"])


class Unfed(Net):
    def forward(self, words: str):
        return super().forward(torch.tensor([len(words)] * 3.0))


def test_a_model_without_inputs_is_compared_by_its_state_alone():
    report = samedevice.roundtrip(Unfed, formats=["state_dict"])
    assert report.cells[0].status is Status.NOT_CHECKED
    assert report.cells[0].reason.startswith("the state was compared, the answers were not: ")
    assert {measure.name for measure in report.cells[0].measures} == {"tensors_lost"}


def test_a_lost_tensor_is_found_without_inputs():
    class Losing(Net):
        def _load_from_state_dict(self, *args):
            return

    class Outer(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("count", torch.zeros(1))
            self._load_from_state_dict = lambda *args: None

    (finding,) = samedevice.roundtrip(Outer, formats=["state_dict"]).findings
    assert (finding.code, finding.subject) == ("SD503", "count")


def test_the_users_instance_is_never_touched():
    model = Net().train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    samedevice.roundtrip(model, batch, formats=["state_dict", "safetensors"])
    assert model.training
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())


def test_a_model_that_answers_at_random_is_not_checked(outcome):
    draws = torch.Generator().manual_seed(1)

    class Random(Net):
        def forward(self, x):
            return super().forward(x) + torch.randn(3, generator=draws)

    report = samedevice.roundtrip(Random, batch, formats=["state_dict"])
    assert report.cells[0].status is Status.NOT_CHECKED
    assert "does not answer twice the same" in report.cells[0].reason


def test_more_losses_than_twenty_are_counted():
    class Wide(nn.Module):
        def __init__(self):
            super().__init__()
            for index in range(30):
                self.register_buffer(f"b{index}", torch.zeros(1))

        def _load_from_state_dict(self, *args):
            return

    findings = samedevice.roundtrip(Wide, formats=["state_dict"]).findings
    assert len(findings) == 21
    assert findings[-1].message.startswith("10 more tensors did not come back either: b20, ")
    assert losses(Wide(), Wide()) == ()


def test_the_same_bytes_are_counted_and_others_named(outcome):
    result = outcome(BYTES, Net, CPU, batch)
    assert [(m.name, m.value, m.of) for m in result.measures] == [("same_files", 1, 1)]

    class Stamped(Net):
        saves = 0

        def state_dict(self, *args, **kwargs):
            type(self).saves += 1
            return super().state_dict(*args, **kwargs) | {"stamp": torch.tensor(type(self).saves)}

    (finding,) = outcome(BYTES, Stamped, CPU, batch).findings
    assert (finding.code, finding.severity, finding.subject) == ("SD516", Severity.NOTE, "model.pt")
    assert "its member model/data/" in finding.message
