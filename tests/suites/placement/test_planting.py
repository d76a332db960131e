"""Recall, measured: any parameter of a transformers model that a move leaves behind is found and named."""

import random
import re

import pytest
import torch
import transformers

from samedevice.suites.placement.forward import FORWARD

SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "vocab_size": 32}
TOKENS = {"input_ids": torch.tensor([[1, 5, 7, 3]])}
MODELS = {
    "gpt2": (
        lambda t: t.GPT2LMHeadModel(
            t.GPT2Config(n_layer=2, n_embd=16, n_head=2, vocab_size=32, bos_token_id=1, eos_token_id=2)
        ),
        TOKENS,
    ),
    "llama": (lambda t: t.LlamaForCausalLM(t.LlamaConfig(**SIZES, num_key_value_heads=1)), TOKENS),
    "bert": (lambda t: t.BertForSequenceClassification(t.BertConfig(**SIZES)), TOKENS),
    "t5": (
        lambda t: t.T5ForConditionalGeneration(
            t.T5Config(d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, vocab_size=32, decoder_start_token_id=0)
        ),
        {**TOKENS, "decoder_input_ids": torch.tensor([[0, 4]])},
    ),
    "vit": (
        lambda t: t.ViTForImageClassification(t.ViTConfig(**{**SIZES, "image_size": 16, "patch_size": 8})),
        {"pixel_values": torch.linspace(-1, 1, 768).view(1, 3, 16, 16)},
    ),
}
PLANTED = 4


def build(name):
    torch.manual_seed(0)
    return MODELS[name][0](transformers).eval()


def inputs(name):
    return {key: value.clone() for key, value in MODELS[name][1].items()}


def used(name):
    """The parameters of modules that the forward calls, as far as backward reaches them."""
    model, called = build(name), set()
    for path, module in model.named_modules():
        module.register_forward_hook(lambda *_, path=path: called.add(path))
    model(**inputs(name)).logits.sum().backward()
    reached = [parameter for parameter, value in model.named_parameters() if value.grad is not None]
    return [parameter for parameter in reached if parameter.rpartition(".")[0] in called]


def planted(name, parameter):
    """The model with one parameter turned into a plain attribute, which `.to()` does not see."""
    model = build(name)
    path, _, attribute = parameter.rpartition(".")
    module = model.get_submodule(path)
    value = module._parameters.pop(attribute)
    object.__setattr__(module, attribute, value.detach().clone())
    return model


@pytest.mark.parametrize("name", MODELS)
def test_a_planted_stray_is_found_and_named(name, findings, device):
    for parameter in random.Random(f"{name} on {device.name}").sample(used(name), PLANTED):
        found = findings(FORWARD, lambda p=parameter: planted(name, p), inputs=lambda: inputs(name))
        assert [finding.subject for finding in found] == [re.sub(r"\.(\d+)", r"[\1]", parameter)]
        assert {finding.code for finding in found} == {"SD201"}


@pytest.mark.parametrize("name", MODELS)
def test_the_model_itself_is_clean(name, findings):
    assert findings(FORWARD, lambda: build(name), inputs=lambda: inputs(name)) == []
