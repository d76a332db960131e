import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from samedevice.harness.roundtrip.bits import is_raw, same, storage_key, turn
from samedevice.harness.roundtrip.quiet import poisoned

DTYPES = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.float8_e4m3fn,
    torch.complex64,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
]


@given(dtype=st.sampled_from(DTYPES), shape=st.lists(st.integers(1, 4), max_size=3), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_turning_changes_every_number_and_turning_again_restores_it(dtype, shape, seed):
    generator = torch.Generator().manual_seed(seed)
    tensor = torch.randint(0, 2, shape, generator=generator).to(dtype)
    before = tensor.clone()
    turn(iter([tensor]))
    raw, old = tensor.view(-1).view(torch.uint8), before.view(-1).view(torch.uint8)
    width = tensor.element_size() // (2 if dtype.is_complex else 1)
    assert bool((raw.view(-1, width) != old.view(-1, width)).any(-1).all())
    turn(iter([tensor]))
    assert same(tensor, before)


def test_equal_numbers_of_two_tensors_are_no_longer_equal():
    one, two = torch.zeros(3), torch.zeros(3)
    turn(iter([one, two]))
    assert not same(one, two)


def test_a_storage_with_two_names_is_turned_once():
    weight = nn.Parameter(torch.ones(4))
    view = weight.detach()[:2]
    turn(iter([weight, view]))
    assert not torch.equal(weight.detach(), torch.ones(4))
    assert torch.equal(view, weight.detach()[:2])


def test_what_has_no_bits_is_left_alone():
    tensors = [torch.empty(3, device="meta"), torch.eye(2).to_sparse(), torch.empty(0)]
    turn(iter(tensors))
    assert torch.equal(tensors[1].to_dense(), torch.eye(2))
    assert storage_key(tensors[0]) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (torch.tensor([float("nan")]), torch.tensor([float("nan")]), True),
        (torch.tensor(0.0), torch.tensor(-0.0), False),
        (torch.ones(2), torch.ones(2, dtype=torch.float64), False),
        (torch.ones(2), torch.ones(1, 2), False),
        (torch.eye(2), torch.eye(2).t(), True),
        (torch.eye(2).to_sparse(), torch.eye(2).to_sparse(), True),
        (torch.ones(2), torch.ones(2, device="meta"), False),
        (torch.tensor([1 + 2j]), torch.tensor([1 + 2j]), True),
        (torch.tensor([1 + 2j]).conj(), torch.tensor([1 + 2j]), False),
    ],
)
def test_same_means_every_bit(one, other, alike):
    assert same(one, other) is alike


def test_raw_memory_looks_raw_while_poisoned_and_everything_is_as_before():
    before = torch.are_deterministic_algorithms_enabled()
    with poisoned():
        raw = [torch.empty(3), torch.empty(3, dtype=torch.int64), torch.empty_like(torch.ones(2, dtype=torch.bfloat16))]
    assert all(is_raw(tensor) for tensor in raw)
    assert torch.are_deterministic_algorithms_enabled() is before
    assert not is_raw(torch.ones(2))
    assert not is_raw(torch.empty(0))
    assert not is_raw(torch.tensor([float("nan"), 1.0]))
    assert is_raw(torch.ones(2, device="meta"))
