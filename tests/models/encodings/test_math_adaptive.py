import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samedevice.models.encodings.math_adaptive import MathAdaptive
from samedevice.models.encodings.sinusoidal import Sinusoidal, sinusoidal_features
from samedevice.models.encodings.token_classes import DIGIT, FUNCTION, OTHER, VARIABLE

BYTES = 3


def ids(text):
    return torch.tensor([[byte + BYTES for byte in text.encode()]])


@given(width=st.integers(1, 33), text=st.text("0123456789+-=xyz ()", min_size=1, max_size=20))
def test_starts_as_sinusoidal_with_and_without_token_ids(width, text):
    token_ids = ids(text)
    positions = torch.arange(token_ids.shape[1]).unsqueeze(0)
    hidden = torch.randn(1, token_ids.shape[1], width, generator=torch.Generator().manual_seed(width))
    expected = Sinusoidal(width)(hidden, positions)
    assert torch.equal(MathAdaptive(width)(hidden, positions, token_ids), expected)
    assert torch.equal(MathAdaptive(width)(hidden, positions), expected)


def test_a_class_scales_the_frequencies_of_its_own_tokens():
    encoding = MathAdaptive(8)
    with torch.no_grad():
        encoding.frequency_adjustments[DIGIT] = 2.0
    token_ids, positions, hidden = ids("7x7"), torch.tensor([[3, 3, 5]]), torch.zeros(1, 3, 8)
    doubled = torch.where(token_ids == ids("7")[0, 0], positions * 2, positions)
    assert torch.equal(encoding(hidden, positions, token_ids), sinusoidal_features(doubled, 8))


def test_without_token_ids_every_token_counts_as_other():
    encoding = MathAdaptive(8)
    with torch.no_grad():
        encoding.frequency_adjustments[OTHER] = 2.0
    positions = torch.tensor([[1, 2, 3]])
    assert torch.equal(encoding(torch.zeros(1, 3, 8), positions), sinusoidal_features(positions * 2, 8))


def test_one_token_at_a_time_gives_the_same_as_all_at_once():
    encoding = MathAdaptive(8)
    with torch.no_grad():
        encoding.frequency_adjustments.copy_(torch.rand(5, 4, generator=torch.Generator().manual_seed(0)))
    token_ids, positions, hidden = ids("2*sin(x)"), torch.arange(8).unsqueeze(0), torch.zeros(1, 8, 8)
    whole = encoding(hidden, positions, token_ids)
    steps = [encoding(hidden[:, [t]], positions[:, [t]], token_ids[:, [t]]) for t in range(8)]
    assert torch.equal(torch.cat(steps, dim=1), whole)


def test_reads_the_vocabulary_of_another_tokenizer():
    encoding = MathAdaptive(8, vocab_size=4)
    assert encoding.token_classes.tolist() == [OTHER] * 4
    encoding.read_vocabulary(["\u0120sin", "42", "x", "the"])
    assert encoding.token_classes.tolist() == [FUNCTION, DIGIT, VARIABLE, OTHER]
    with pytest.raises(ValueError, match="built for 4 token ids and got 1 tokens: build it with vocab_size=1"):
        encoding.read_vocabulary(["a"])


def test_ids_outside_the_table_count_as_other():
    encoding = MathAdaptive(8)
    with torch.no_grad():
        encoding.frequency_adjustments[:OTHER] = 3.0
    positions = torch.tensor([[4]])
    assert torch.equal(
        encoding(torch.zeros(1, 1, 8), positions, torch.tensor([[50000]])), sinusoidal_features(positions, 8)
    )
