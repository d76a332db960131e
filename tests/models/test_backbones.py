import pytest
import torch
from transformers import GPT2Config, GPTNeoXConfig

from samedevice.models.backbones import BACKBONES

CONFIGS = {
    "gpt2": GPT2Config(n_embd=32, n_layer=2, n_head=2, vocab_size=50, n_positions=16),
    "gpt_neox": GPTNeoXConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, vocab_size=50
    ),
}


def hidden_states(model, offset):
    embeds = torch.randn(1, 8, 32, generator=torch.Generator().manual_seed(0))
    positions = torch.arange(offset, 8 * 3 + offset, 3).unsqueeze(0)
    mask = torch.ones(1, 1, 8, 8, dtype=torch.bool).tril()
    with torch.no_grad():
        return model(inputs_embeds=embeds, position_ids=positions, attention_mask=mask, use_cache=False).logits


@pytest.mark.parametrize("name", BACKBONES)
def test_does_not_know_where_a_token_stands(name):
    model = BACKBONES[name].build(CONFIGS[name]).eval()
    # Far beyond the sixteen positions of that GPT-2, too.
    assert torch.equal(hidden_states(model, 0), hidden_states(model, 5000))


@pytest.mark.parametrize("name", BACKBONES)
def test_keeps_no_state_of_its_own_positions(name):
    stock, silent = BACKBONES[name].model(CONFIGS[name]), BACKBONES[name].build(CONFIGS[name])
    own = BACKBONES[name].positions + "."
    assert {key for key in stock.state_dict() if not key.startswith(own)} == set(silent.state_dict())
    assert not list(silent.buffers())
