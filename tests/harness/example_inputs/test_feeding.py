import pytest
import torch
from torch import nn
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    OPTConfig,
    OPTForCausalLM,
    PretrainedConfig,
    PreTrainedModel,
    T5Config,
    T5ForConditionalGeneration,
    ViTConfig,
    ViTModel,
    WhisperConfig,
    WhisperModel,
)

import samedevice
from samedevice.harness.errors import NotChecked
from samedevice.harness.example_inputs import feeding
from samedevice.harness.recipe import recipe

TINY = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
WHISPER = {
    "d_model": 8,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 8,
    "decoder_ffn_dim": 8,
    "num_mel_bins": 8,
    "max_source_positions": 16,
    "vocab_size": 50,
    "pad_token_id": 0,
    "decoder_start_token_id": 1,
}
MODELS = {
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=5, n_positions=16)),
    "bert": lambda: BertModel(BertConfig(vocab_size=100, **TINY)),
    "t5": lambda: T5ForConditionalGeneration(
        T5Config(vocab_size=9, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    ),
    "vit": lambda: ViTModel(ViTConfig(image_size=32, patch_size=16, **TINY)),
    "whisper": lambda: WhisperModel(WhisperConfig(**WHISPER)),
}


def fed(make):
    return feeding(make(), make)()


@pytest.mark.parametrize("name", MODELS)
def test_a_transformers_model_runs_on_what_is_made_for_it(name):
    model = MODELS[name]().eval()
    give = feeding(model, MODELS[name])
    with torch.no_grad():
        first, second = model(**give()), model(**give())
    assert torch.equal(first[0], second[0])
    assert first[0].shape[0] == 2
    assert {value.device.type for value in give().values()} == {"cpu"}


def test_special_tokens_are_avoided():
    assert BertConfig().pad_token_id not in fed(MODELS["bert"])["input_ids"]


def test_a_forward_that_takes_nothing_gets_nothing():
    class Clock(nn.Module):
        def forward(self, scale=1.0, *more, **others):
            return torch.ones(1) * scale

    assert fed(Clock) == {}


def test_a_transformers_model_with_a_forward_of_its_own():
    class Bare(PreTrainedModel):
        config_class = PretrainedConfig

        def forward(self):
            return torch.ones(1)

    assert fed(lambda: Bare(PretrainedConfig())) == {}


class Never(nn.Module):
    def forward(self, x):
        raise ValueError("only on Tuesdays")


class Five(nn.Module):
    def forward(self, a, b, c, d, e):
        return a


class Strange(PreTrainedModel):
    config_class = PretrainedConfig
    main_input_name = "smell"

    def forward(self, smell):
        return smell


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Never, "cannot be fed: forward wants x, and none of "),
        (Five, "cannot be fed: forward wants a, b, c, d, e, too many to search for; give --inputs"),
        (nn.ModuleList, "cannot be fed: ModuleList has no forward"),
        (
            lambda: Strange(PretrainedConfig()),
            "cannot be fed: no example is known for smell, which forward wants; give --inputs",
        ),
    ],
)
def test_who_cannot_be_fed(make, reason):
    with pytest.raises(NotChecked) as caught:
        fed(make)
    assert str(caught.value).startswith(reason)


def test_what_does_not_run_on_the_cpu_is_no_food():
    def make():
        model = OPTForCausalLM(
            OPTConfig(vocab_size=30, ffn_dim=8, max_position_embeddings=4, word_embed_proj_dim=8, **TINY)
        )
        model.model.decoder.embed_positions.weight = nn.Parameter(torch.zeros(2, 8))  # two places, and eight tokens
        return model

    with pytest.raises(
        NotChecked, match="with input_ids, attention_mask, as its config asks for, forward raises IndexErr"
    ):
        fed(make)
    report = samedevice.check(make, devices=["cuda"], checks=["forward"])
    assert [cell.status for cell in report.cells] == ["not-checked"]


def test_what_is_tried_is_no_finding_and_leaves_no_trace():
    class Hard(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(3, 3)

        def forward(self, x):
            return self.linear(x) + torch.ones(3, device="cuda")

    report = samedevice.check(Hard, devices=["cuda:1", "cpu"], checks=["forward"])
    assert [[finding.code for finding in cell.findings] for cell in report.cells] == [["SD206"], ["SD201"]]


def test_a_search_is_made_once_for_all_models_of_a_recipe():
    built = []

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            built.append(self)
            self.linear = nn.Linear(7, 2)

        def forward(self, x):
            return self.linear(x)

    target = recipe("net", Net)
    model = target.build()
    first, second = target.inputs()["x"], target.inputs()["x"]
    assert model(first).shape == (2, 2)
    assert torch.equal(first, second)
    assert first is not second
    assert len(built) == 2  # the model, and the one that was tried


class Steps(PreTrainedModel):
    config_class = PretrainedConfig

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(16, 4)

    def forward(self, input_ids, timesteps):
        return self.embed(input_ids) + self.embed(timesteps).unsqueeze(1)


def test_a_diffusion_model_gets_one_timestep_a_row():
    given = fed(lambda: Steps(PretrainedConfig(vocab_size=16)))
    assert given["timesteps"].shape == given["input_ids"].shape[:1]
