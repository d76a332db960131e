import hashlib

import pytest
import torch
from huggingface_hub.utils.sha import git_hash
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from samedevice.harness.hubtrip.bytes_of import digests, stamped


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))


def state(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


@given(st.integers(1, 40), st.integers(1, 40))
def test_stamps_differ_and_are_taken_off_again(one, other):
    model, before = net(), state(net())
    with stamped(model, one):
        first = state(model)
    assert all(torch.equal(before[name], model.state_dict()[name]) for name in before)
    assert not any(torch.equal(before[name], first[name]) for name in before)
    with stamped(model, other):
        second = state(model)
    assert all(torch.equal(first[name], second[name]) == (one == other) for name in before)


def test_no_stamp_changes_nothing():
    model, before = net(), state(net())
    with stamped(model, 0):
        assert all(torch.equal(before[name], model.state_dict()[name]) for name in before)


def test_it_is_taken_off_after_an_exception():
    model, before = net(), state(net())
    with pytest.raises(ZeroDivisionError), stamped(model, 3):
        _ = 1 / 0
    assert all(torch.equal(before[name], model.state_dict()[name]) for name in before)


def test_what_the_model_keeps_out_of_its_file_is_not_stamped():
    class Table(nn.Module):
        _keys_to_ignore_on_save = ("table",)

        def __init__(self):
            super().__init__()
            self.table = nn.Parameter(torch.ones(3), requires_grad=False)
            self.weight = nn.Parameter(torch.ones(3))

    model = Table()
    with stamped(model, 1):
        assert torch.equal(model.table, torch.ones(3))
        assert not torch.equal(model.weight, torch.ones(3))


def test_digests_are_those_of_git_and_of_lfs(tmp_path):
    (tmp_path / "deep").mkdir()
    for name, data in (("a.bin", b"\0" * 3_000_000), ("deep/b.txt", b"text")):
        (tmp_path / name).write_bytes(data)
    found = digests(tmp_path)
    assert list(found) == ["a.bin", "deep/b.txt"]
    for name, told in found.items():
        data = (tmp_path / name).read_bytes()
        assert told == {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "oid": git_hash(data)}
