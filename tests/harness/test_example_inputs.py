import pytest
import torch
from torch import nn
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    PerceiverConfig,
    PerceiverModel,
    PretrainedConfig,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
    ViTConfig,
    ViTModel,
)

from samedevice.harness.errors import NotChecked
from samedevice.harness.example_inputs import example_inputs

TINY = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
MODELS = {
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=5, n_positions=16)),
    "bert": lambda: BertModel(BertConfig(vocab_size=100, **TINY)),
    "t5": lambda: T5ForConditionalGeneration(
        T5Config(vocab_size=9, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    ),
    "vit": lambda: ViTModel(ViTConfig(image_size=32, patch_size=16, **TINY)),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_transformers_model_runs_on_what_is_made_for_it(name):
    model = MODELS[name]().eval()
    fed = example_inputs(model)
    with torch.no_grad():
        first, second = model(**fed), model(**example_inputs(model))
    assert torch.equal(first[0], second[0])
    assert first[0].shape[0] == 2


def test_special_tokens_are_avoided():
    model = MODELS["bert"]()
    assert model.config.pad_token_id not in example_inputs(model)["input_ids"]


def test_a_forward_that_takes_nothing_gets_nothing():
    class Clock(nn.Module):
        def forward(self, scale=1.0, *more, **others):
            return torch.ones(1) * scale

    assert example_inputs(Clock()) == {}


def test_a_transformers_model_with_a_forward_of_its_own():
    class Bare(PreTrainedModel):
        config_class = PretrainedConfig

        def forward(self):
            return torch.ones(1)

    assert example_inputs(Bare(PretrainedConfig())) == {}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (nn.Identity, "cannot be fed: forward wants input; give --inputs, or an attribute `inputs` beside the target"),
        (lambda: nn.Bilinear(1, 1, 1), "cannot be fed: forward wants input1, input2; give --inputs, "),
        (nn.ModuleList, "cannot be fed: ModuleList has no forward"),
        (
            lambda: PerceiverModel(
                PerceiverConfig(num_latents=2, d_latents=8, d_model=8, num_self_attends_per_block=1)
            ),
            "cannot be fed: no example is known for the main input 'inputs'; give --inputs, ",
        ),
    ],
)
def test_who_cannot_be_fed(make, reason):
    with pytest.raises(NotChecked) as caught:
        example_inputs(make())
    assert str(caught.value).startswith(reason)
