import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.suites.placement.forward import FORWARD
from samedevice.suites.placement.generate import GENERATE

CONFIG = {
    "n_layer": 1,
    "n_embd": 8,
    "n_head": 2,
    "vocab_size": 16,
    "n_positions": 32,
    "bos_token_id": 1,
    "eos_token_id": 2,
}


class Positioned(GPT2LMHeadModel):
    aware = False

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        out = super().prepare_inputs_for_generation(input_ids, **kwargs)
        ids = out["input_ids"]
        device = ids.device if self.aware else "cpu"
        out["position_ids"] = torch.zeros_like(ids, device=device)  # born
        return out


class Aware(Positioned):
    aware = True


def prompt():
    return {"input_ids": torch.tensor([[1, 3, 4]])}


def build(kind):
    return lambda: kind(GPT2Config(**CONFIG))


def test_positions_on_the_cpu_break_generation_alone(findings):
    found = findings(GENERATE, build(Positioned), inputs=prompt)
    assert found[0].code == "SD201"
    assert found[0].origin.line == Positioned.prepare_inputs_for_generation.__code__.co_firstlineno + 4
    assert findings(FORWARD, build(Positioned), inputs=prompt) == []


def test_positions_beside_the_tokens(findings):
    assert findings(GENERATE, build(Aware), inputs=prompt) == []


def test_a_model_that_does_not_generate_is_not_checked(findings):
    with pytest.raises(AssertionError, match="the model has no generate"):
        findings(GENERATE, lambda: nn.Linear(3, 3))
