"""The suite: every training on every device with the losses of the CPU; a sick one is found."""

import sys
from dataclasses import replace

import pytest
import torch

from samedevice.harness import engine
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.models.modeling_gmmxlnet import GMMXLNetForQA
from samedevice.models.span_loss import span_loss
from samedevice.suites.training import SUITE, recipes, train
from samedevice.suites.training.recipes import RECIPES, STEPS

CUDA, MPS = Device(kind="cuda", virtual=True), Device(kind="mps", virtual=True)
TARGETS = {target.name: target for target in SUITE.targets()}


def trained(name, device):
    (result,) = engine.run([Cell(target=TARGETS[name], device=device, check=SUITE.checks[0])])
    rules = ("operators", "derived_operators")
    return result, {measure.name: measure.value for measure in result.measures if measure.name not in rules}


@pytest.mark.parametrize("name", RECIPES)
def test_a_training_is_the_same_on_all_devices(name):
    told = {}
    for device in (Device(kind="cpu"), CUDA, MPS):
        result, measures = trained(name, device)
        assert (result.status, result.reason) == (Status.PASS, None)
        assert (measures["batches_success"], measures["device_errors"]) == (STEPS, 0)
        if "diffusion" not in name:  # whose steps draw different amounts of noise
            assert measures["loss_last"] < measures["loss_first"]
        if device.virtual:
            assert measures.pop("copied_bytes_per_step") > 0
            assert measures.pop("peak_bytes") > 1e6
        told[device.name] = measures
    assert told["cpu"] == told["cuda:0"] == told["mps:0"]


def test_a_memory_that_stays_on_the_cpu_is_found(monkeypatch):
    """The seeds' bug: what a memory starts from is not where the model is."""

    def stays(self, batch_size):
        states = {i: self.expert_mixture.get_expert_state(i).detach().cpu() for i in range(self.experts)}
        return {i: state.expand(batch_size, -1, -1) for i, state in states.items()}

    monkeypatch.setattr(GMMXLNetForQA, "get_initial_memory", stays)
    result, measures = trained("qa_gmmxlnet_write", CUDA)
    assert result.status is Status.FAIL
    assert "SD201" in {finding.code for finding in result.findings}
    assert measures["device_errors"] > 0


def test_a_training_that_raises_is_found(monkeypatch):
    def broken(**where):
        raise RuntimeError("no such batch")

    monkeypatch.setitem(recipes.RECIPES, "qa_memxlnet", replace(RECIPES["qa_memxlnet"], train=broken))
    result, measures = trained("qa_memxlnet", CUDA)
    (finding,) = result.findings
    assert (finding.code, finding.message) == ("SD804", "the training raised RuntimeError: no such batch")
    assert (finding.use.file, finding.origin) == (__file__, None)
    assert measures["batches_success"] == 0


def test_other_losses_than_the_cpus_are_found(monkeypatch):
    def drifting(start, end, starts, ends):
        loss = span_loss(start, end, starts, ends)
        return loss if loss is None or start.device.type == "cpu" else loss * torch.tensor(1.001, device=start.device)

    train._losses_on_cpu.cache_clear()
    monkeypatch.setattr("samedevice.models.modeling_memxlnet.span_loss", drifting)
    result, _ = trained("qa_memxlnet", CUDA)
    train._losses_on_cpu.cache_clear()
    (finding,) = result.findings
    assert finding.code == "SD401"
    assert finding.message.startswith("the loss of step 1 is ")


def test_what_a_target_builds_is_the_trained_model():
    model = TARGETS["qa_memxlnet"].build()
    assert not model.training


def test_without_accelerate_nothing_is_checked_and_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "accelerate", None)
    result, _ = trained("qa_memxlnet", CUDA)
    assert (result.status, result.findings) == (Status.NOT_CHECKED, ())
    assert result.reason == "training needs accelerate: pip install 'samedevice[train]'"
