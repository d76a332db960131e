"""A tensor planted anywhere is found once, at a path that leads back to it."""

from collections import OrderedDict, deque, namedtuple
from types import SimpleNamespace

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from samedevice.harness.reach import reach

Pair = namedtuple("Pair", "left right")


class Slotted:
    __slots__ = ("held", "other")

    def __init__(self, held):
        self.held = held


def _module(held):
    model = nn.Module()
    model.held = held
    return model


def _registered(held):
    model = nn.Module()
    model.held = nn.ModuleList([nn.ReLU(), _module(held)])
    return model


WRAPPERS = [
    lambda held: [1, held],
    lambda held: (held, "x"),
    lambda held: {"key": held, 3: None},
    lambda held: {(1, "a"): {None: held}},
    lambda held: OrderedDict(a=1, b=held),
    lambda held: deque([held]),
    lambda held: Pair(0, held),
    lambda held: SimpleNamespace(held=held),
    Slotted,
    _module,
    _registered,
    lambda held: nn.Sequential(_module(held)),
    lambda held: nn.ModuleDict({"k": _module(held)}),
]
NOISE = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3), inner.map(Slotted)
    ),
    max_leaves=5,
)


@given(
    chains=st.lists(st.lists(st.integers(0, len(WRAPPERS) - 1), max_size=6), min_size=1, max_size=4),
    noise=st.lists(NOISE, max_size=3),
    back=st.booleans(),
)
def test_a_planted_tensor_is_found_once_at_a_path_that_leads_to_it(chains, noise, back):
    m = nn.Module()
    planted = []
    for number, chain in enumerate(chains):
        held = tensor = torch.zeros(1)
        for wrapper in chain:
            held = WRAPPERS[wrapper](held)
        setattr(m, f"root{number}", held)
        planted.append(tensor)
    m.noise = noise
    if back:
        m.noise.append(m)
    found = list(reach(m))
    assert sorted(id(one.tensor) for one in found) == sorted(map(id, planted))
    for one in found:
        assert eval(f"m.{one.path}") is one.tensor
        assert not one.weak


@given(owners=st.lists(st.sampled_from(["buffer", "attribute", "list", "object", "closure"]), min_size=1, unique=True))
def test_of_several_paths_the_best_one_wins(owners):
    m = nn.Module()
    tensor = torch.zeros(1)
    for owner in owners:
        if owner == "buffer":
            m.register_buffer("by_buffer", tensor)
        elif owner == "attribute":
            m.by_attribute = tensor.view(1, 1)
        elif owner == "list":
            m.by_list = [tensor]
        elif owner == "object":
            m.by_object = SimpleNamespace(inner=[tensor])
        else:
            m.by_closure = lambda x: x + tensor
    order = ["buffer", "attribute", "list", "object", "closure"]
    best = min(owners, key=order.index)
    (found,) = reach(m)
    assert found.path.startswith(f"by_{best}")
    assert found.weak == (best == "closure")
