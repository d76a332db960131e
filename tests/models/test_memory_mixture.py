import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import entropy

from samedevice.models.memory_mixture import ExpertUpdater, expert_load, routed, routing_entropy

scores = st.integers(2, 8).flatmap(
    lambda k: st.lists(st.lists(st.floats(-1e4, 1e4, width=32), min_size=k, max_size=k), min_size=1, max_size=5)
)


@given(scores, st.floats(0.05, 20))
def test_routing_is_a_distribution_at_any_temperature(rows, temperature):
    given = torch.tensor(rows)
    weights = routed(given, temperature)
    assert weights.min() >= 0
    torch.testing.assert_close(weights.sum(-1), torch.ones(len(rows)))
    expected = softmax(given.double().numpy() / temperature, axis=-1)
    torch.testing.assert_close(weights.double().numpy(), expected, rtol=1e-2, atol=1e-4)


@given(scores)
def test_entropy_and_load_are_those_of_scipy_and_numpy(rows):
    weights = routed(torch.tensor(rows), 50.0)
    shares = weights.double().numpy()
    expected = np.mean([entropy(row, base=len(row)) for row in shares])
    assert routing_entropy(weights).item() == pytest.approx(expected, abs=1e-5)
    assert expert_load(weights).tolist() == pytest.approx(shares.mean(0).tolist(), abs=1e-6)


def test_a_collapse_shows_in_the_load_and_confidence_alone_does_not():
    even = torch.eye(4)
    collapsed = torch.eye(4)[[2, 2, 2, 2]]
    uniform = torch.full((4, 4), 0.25)
    assert routing_entropy(even) == routing_entropy(collapsed) == 0
    assert routing_entropy(uniform) == pytest.approx(1)
    assert expert_load(even).tolist() == expert_load(uniform).tolist() == [0.25] * 4
    assert expert_load(collapsed).tolist() == [0, 0, 1, 0]
    assert routing_entropy(torch.ones(3, 1)) == 0


def test_half_precision_scores_do_not_overflow():
    weights = routed(torch.tensor([[6e4, -6e4]], dtype=torch.float16), 0.01)
    assert weights.dtype is torch.float16
    assert weights.tolist() == [[1, 0]]


def test_routing_is_differentiable():
    given = torch.randn(3, 4, dtype=torch.float64, requires_grad=True, generator=torch.Generator().manual_seed(0))
    # The softmax is in float32, so the numerical derivative needs a wide step.
    assert torch.autograd.gradcheck(lambda x: routed(x, 1.0), given, eps=1e-2, atol=1e-3)


def test_an_expert_that_nothing_is_routed_to_stays_as_it_was():
    torch.manual_seed(0)
    bank = {0: torch.randn(2, 3, 8), 1: torch.randn(2, 3, 8)}
    after = ExpertUpdater(8, 2)(bank, torch.randn(2, 3, 8), torch.tensor([1.0, 0.0]).expand(2, 3, 2))
    assert torch.equal(after[1], bank[1])
    assert not torch.equal(after[0], bank[0])
