import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.diffusion import BijectiveDiffusionConfig, BijectiveDiffusionModel
from samedevice.models.diffusion.coupling import INVERSE_TOLERANCE


def trunk():
    config = BijectiveDiffusionConfig(
        hidden_size=32, num_hidden_layers=4, num_attention_heads=2, num_timesteps=16, initializer_range=0.2
    )
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        return BijectiveDiffusionModel(config).eval()


TRUNK = trunk()


def drawn(seed, batch, length):
    generator = torch.Generator().manual_seed(seed)
    hidden = torch.randn((batch, length, 32), generator=generator, dtype=torch.float64)
    steps = torch.randint(1, 17, (batch,), generator=generator)
    mask = torch.rand((batch, length), generator=generator) < 0.7
    mask[:, 0] = True
    return hidden, steps, mask.long()


@pytest.mark.parametrize("dtype", INVERSE_TOLERANCE, ids=str)
@given(seed=st.integers(0, 2**31), batch=st.integers(1, 3), length=st.integers(1, 20), padded=st.booleans())
def test_the_inverse_undoes_the_blocks(dtype, seed, batch, length, padded):
    model = copy.deepcopy(TRUNK).to(dtype)
    hidden, steps, mask = drawn(seed, batch, length)
    start = hidden.to(dtype)
    given_mask = mask if padded else None
    with torch.no_grad():
        there = model.decode(start, steps, given_mask)
        back = model.inverse_decode(there, steps, given_mask)
        onto = model.decode(model.inverse_decode(start, steps, given_mask), steps, given_mask)
    assert there.dtype is back.dtype is dtype
    assert (there - start).abs().max() > 0.5
    for found in (back, onto):
        torch.testing.assert_close(found, start, rtol=0, atol=INVERSE_TOLERANCE[dtype])


def test_each_block_moves_and_is_undone():
    hidden, _, _ = drawn(0, 2, 6)
    block = copy.deepcopy(TRUNK.blocks[0]).double()
    condition, positions = torch.randn((2, 1, 16), dtype=torch.float64), torch.arange(6)
    with torch.no_grad():
        there = block(hidden, condition, positions)
        for half in (there - hidden).chunk(2, -1):
            assert half.abs().max() > 0.1
        torch.testing.assert_close(block.inverse(there, condition, positions), hidden, rtol=0, atol=1e-13)
        assert (block.inverse(there, condition + 1, positions) - hidden).abs().max() > 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_volume_is_preserved(seed):
    model = copy.deepcopy(TRUNK).double()
    hidden, steps, mask = drawn(seed, 1, 3)

    def flat(x):
        return model.decode(x.view(1, 3, 32), steps, mask).flatten()

    jacobian = torch.autograd.functional.jacobian(flat, hidden.flatten())
    sign, log_determinant = torch.linalg.slogdet(jacobian)
    assert (jacobian - torch.eye(96)).abs().max() > 0.1
    assert sign == 1
    assert log_determinant.item() == pytest.approx(model.log_determinant, abs=1e-12)
    assert model.log_determinant == 0
