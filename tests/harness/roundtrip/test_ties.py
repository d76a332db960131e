import torch
from torch import nn

from samedevice.harness.roundtrip.losses import losses
from samedevice.harness.roundtrip.ties import ties
from samedevice.harness.roundtrip.unwritten import unwritten


class Tied(nn.Module):
    def __init__(self, tied=True):
        super().__init__()
        self.one, self.two = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
        if tied:
            self.two.weight = self.one.weight
        self.alias = self.one.weight.detach()[:1]

    def forward(self, x):
        return self.two(self.one(x))


def test_ties_hold_views_and_plain_attributes_too():
    found = ties(Tied())
    assert found.groups == (frozenset({"one.weight", "two.weight", "alias"}),)
    assert found.joins("one.weight", "alias")
    assert found.registered == {"one.weight", "two.weight"}
    assert not ties(Tied(tied=False)).joins("one.weight", "two.weight")


def test_each_loss_says_what_happened():
    class Two(nn.Module):
        def __init__(self, **tensors):
            super().__init__()
            for name, tensor in tensors.items():
                self.register_buffer(name, tensor)

    before = Two(
        kept=torch.ones(1),
        gone=torch.ones(1),
        cast=torch.ones(1),
        long=torch.ones(2),
        a=torch.zeros(2),
        b=torch.ones(2),
        bare=torch.ones(1),
    )
    after = Two(
        kept=torch.ones(1),
        new=torch.ones(1),
        cast=torch.ones(1).half(),
        long=torch.ones(3),
        a=torch.ones(2),
        b=torch.full((2,), 5.0),
        bare=torch.ones(1, device="meta"),
    )
    found = {loss.name: (loss.what, loss.message) for loss in losses(before, after)}
    assert found == {
        "gone": ("lost", "`gone` was there before and is gone after the load"),
        "new": ("new", "`new` is there after the load and was not there before"),
        "cast": ("cast", "`cast` was torch.float32 and came back as torch.float16"),
        "long": ("shaped", "`long` had shape [2] and came back with [3]"),
        "a": ("swapped", "`a` came back with the values of `long`"),
        "b": ("changed", "`b` came back with other values: 2 of 2 numbers differ"),
        "bare": ("changed", "`bare` was left on the meta device: it has no data"),
    }


def test_raw_memory_is_found_unless_every_call_overwrites_it():
    class Scratch(nn.Module):
        def __init__(self, fill):
            super().__init__()
            for name in ("scratch", "table"):
                self.register_buffer(name, torch.full((2,), fill), persistent=False)

        def forward(self, x):
            self.scratch.copy_(x)
            return self.scratch

    hand, loaded = Scratch(1.0), Scratch(float("nan"))
    assert unwritten(hand, loaded, (torch.ones(2),)) == ("table",)
    assert unwritten(hand, loaded, None) == ("scratch", "table")
    assert unwritten(loaded, loaded, None) == ()


def test_parts_of_one_storage_that_lie_side_by_side_are_not_tied():
    class Split(nn.Module):
        def __init__(self):
            super().__init__()
            self.query, self.key = (nn.Parameter(part) for part in torch.zeros(4, 2).chunk(2))

    assert ties(Split()).groups == ()
