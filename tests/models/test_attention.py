import pytest
import torch
from transformers import AttentionInterface, AttentionMaskInterface

from samedevice.models.attention import ENCODED, encoded_eager, encoded_name, encoded_sdpa
from samedevice.models.encodings.alibi import Alibi


@pytest.mark.parametrize("name", sorted(set(ENCODED.values())))
def test_each_name_is_registered_for_attention_and_for_masks(name):
    assert name in AttentionInterface().valid_keys()
    assert name in AttentionMaskInterface().valid_keys()


def test_refuses_kernels_that_would_ignore_the_positions():
    with pytest.raises(ValueError, match="'flash_attention_2' would ignore the position encoding: choose 'sdpa'"):
        encoded_name("flash_attention_2")


@pytest.mark.parametrize("attend", [encoded_sdpa, encoded_eager])
def test_refuses_to_go_without_a_mask(attend):
    states = torch.zeros(1, 1, 2, 4)
    with pytest.raises(ValueError, match="attention got no mask, so that tokens would see the future"):
        attend(torch.nn.Identity(), states, states, states, None, position_ids=torch.arange(2).unsqueeze(0))


@pytest.mark.parametrize("as_float", [False, True])
@pytest.mark.parametrize("attend", [encoded_sdpa, encoded_eager])
def test_equals_attention_written_out_in_float64(attend, as_float):
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 4, 6, 8, generator=generator) for _ in range(3))
    visible = torch.ones(6, 6, dtype=torch.bool).tril().expand(2, 1, 6, 6)
    mask = torch.zeros(2, 1, 6, 6).masked_fill(~visible, torch.finfo(torch.float32).min) if as_float else visible
    positions = torch.arange(6).unsqueeze(0)
    alibi = Alibi(4)
    actual, _ = attend(alibi.eval(), query, key, value, mask, scaling=0.5, position_ids=positions, position_bias=alibi)
    scores = query.double() @ key.double().transpose(-1, -2) * 0.5 + alibi(positions, positions).double()
    expected = scores.masked_fill(~visible, -torch.inf).softmax(-1) @ value.double()
    torch.testing.assert_close(actual.double(), expected.transpose(1, 2), rtol=1e-5, atol=1e-5)
