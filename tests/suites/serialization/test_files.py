from pathlib import Path

import pytest
import torch
from torch import nn
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel

from samedevice.harness.audit import audit
from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.formats import natural
from samedevice.harness.roundtrip import take, travel
from samedevice.harness.target import Target
from samedevice.suites.serialization.files import FILES


def found(build):
    hand = take(Target(name="specimen", build=build), Device(kind="cpu"))
    with travel(hand, natural(hand.model), "cpu") as trip:
        return list(FILES.ask(trip))


class Gpt(GPT2LMHeadModel):
    """Writes what the test tells it beside its files."""

    write = staticmethod(lambda folder: None)

    def save_pretrained(self, folder, **kwargs):
        super().save_pretrained(folder, **kwargs)
        self.write(Path(folder))


def gpt(write=lambda folder: None):
    model = Gpt(GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=16, n_positions=8))
    model.write = write
    return model


def bert():
    return BertModel(BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8))


@pytest.mark.parametrize("build", [gpt, bert, lambda: nn.Linear(2, 2)], ids=["gpt2", "bert", "plain"])
def test_what_the_libraries_write_is_sound(build):
    assert found(build) == []


def test_a_missing_config_is_named():
    (finding,) = found(lambda: gpt(lambda folder: (folder / "config.json").unlink()))
    assert (finding.code, finding.severity, finding.subject) == ("SD741", Severity.ERROR, "config.json")
    assert finding.message.endswith("(save_pretrained of transformers)")


def test_a_pickle_of_older_readers_with_the_same_values_is_no_finding():
    def both(factor):
        def write(folder):
            for tensor in model[0].transformer.parameters():
                tensor.data *= factor
            torch.save(model[0].state_dict(), folder / "pytorch_model.bin")

        model = []

        def build():
            model[:] = [gpt(write)]
            return model[0]

        return build

    assert found(both(1)) == []
    (finding,) = found(both(2))
    assert (finding.code, finding.severity) == ("SD706", Severity.WARNING)
    assert "`pytorch_model.bin` is not" in finding.message


class Odd:
    """No plain data."""


class Wrapper(nn.Module):
    def __init__(self):
        super().__init__()
        self.module = nn.Linear(2, 2)


def test_a_part_called_module_is_no_wrapper_unless_a_library_wraps():
    assert found(Wrapper) == []
    (finding,) = found(lambda: nn.DataParallel(nn.Linear(2, 2)))
    assert (finding.code, finding.severity, finding.subject) == ("SD750", Severity.NOTE, "model.pt")
    assert "DataParallel" in finding.message


def test_what_a_compilation_leaves_in_the_keys_is_found():
    class Left(nn.Module):
        def __init__(self):
            super().__init__()
            self._orig_mod = nn.Linear(2, 2)

    (finding,) = found(Left)
    assert (finding.code, "`_orig_mod.`" in finding.message) == ("SD750", True)


def test_a_compiled_part_in_the_files_of_a_library_is_an_error():
    def build():
        model = gpt()
        model.transformer.h[0].mlp = torch.compile(model.transformer.h[0].mlp, backend="eager")
        return model

    errors = [finding for finding in found(build) if finding.severity is Severity.ERROR]
    assert [(finding.code, finding.subject) for finding in errors] == [("SD750", "model.safetensors")]


def test_values_that_are_not_finite_are_the_models_own():
    def build():
        model = nn.Linear(2, 2)
        nn.init.constant_(model.bias, float("-inf"))
        return model

    assert found(build) == []


def test_a_config_that_builds_what_the_tensors_fit_is_right(tmp_path):
    class Deeper(GPT2LMHeadModel):
        def __init__(self, config):
            super().__init__(config)
            self.transformer.h.append(type(self.transformer.h[0])(config, layer_idx=1))

    def build():
        return Deeper(GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=16, n_positions=8))

    build().save_pretrained(tmp_path)
    assert "SD744" in {item.code for item in audit(tmp_path) if isinstance(item, Finding)}
    assert found(build) == []


def test_what_a_refused_load_has_said_is_not_said_again():
    class Holding(nn.Linear):
        def get_extra_state(self):
            return Odd()

        def set_extra_state(self, state):
            return

    hand = take(Target(name="specimen", build=lambda: Holding(2, 2)), Device(kind="cpu"))
    with travel(hand, natural(hand.model), "cpu") as trip:
        assert trip.refusal.stage == "load"
        assert any(item.code == "SD735" for item in audit(trip.folder / "straight") if isinstance(item, Finding))
        assert list(FILES.ask(trip)) == []


def test_a_refused_save_has_no_files():
    class Refusing(nn.Linear):
        def state_dict(self, *args, **kwargs):
            raise RuntimeError("no")

    hand = take(Target(name="specimen", build=lambda: Refusing(2, 2)), Device(kind="cpu"))
    with travel(hand, natural(hand.model), "cpu") as trip:
        assert list(FILES.ask(trip)) == []
