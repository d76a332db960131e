import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.mathematical_rope import MathematicalRope
from samedevice.models.encodings.rope import Rope


def example(length):
    generator = torch.Generator().manual_seed(length)
    query, key = (torch.randn((2, 3, length, 16), generator=generator) for _ in range(2))
    positions = torch.arange(length).unsqueeze(0) * 5
    return query, key, positions, positions


@given(length=st.integers(1, 64), fraction=st.sampled_from([0.5, 1.0]))
def test_starts_as_rope_bit_for_bit(length, fraction):
    inputs = example(length)
    expected, actual = Rope(16, fraction=fraction)(*inputs), MathematicalRope(16, fraction=fraction)(*inputs)
    assert all(torch.equal(a, e) for a, e in zip(actual, expected, strict=True))


def test_gradients_reach_both_parameters():
    rope = MathematicalRope(16)
    query, key = rope(*example(9))
    (query * key.flip(2)).sum().backward()
    assert rope.position_scaling.grad.abs().item() > 0
    assert (rope.freq_enhancement.grad.abs() > 0).all()


def test_both_parameters_scale_the_angles():
    rope = MathematicalRope(16)
    with torch.no_grad():
        rope.position_scaling.fill_(2.0)
        rope.freq_enhancement.fill_(0.25)
    positions = torch.tensor([[0, 4, 100]])
    torch.testing.assert_close(rope.angles(positions), Rope(16).angles(positions) * 0.5)
