from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import torch
from transformers import BatchEncoding

from samedevice.harness.device import Device
from samedevice.harness.errors import NotChecked
from samedevice.harness.stage import standing
from samedevice.harness.subject import call, moved, prepare, tensors
from samedevice.harness.target import Target

CUDA = Device(kind="cuda", virtual=True)
Pair = namedtuple("Pair", "left right")


@dataclass
class Batch:
    ids: torch.Tensor
    name: str = "n"
    size: int = field(default=2, init=False)


VALUES = {
    "tensor": torch.ones(2),
    "dict": {"x": torch.ones(2), "n": 3},
    "ordered": OrderedDict(x=torch.ones(2)),
    "list": [torch.ones(2), None],
    "tuple": (torch.ones(2), "text"),
    "named tuple": Pair(torch.ones(2), 1),
    "dataclass": Batch(torch.ones(2)),
    "encoding": BatchEncoding({"input_ids": torch.ones(2)}),
    "nested": {"a": [(torch.ones(2),)]},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_tensor_moves_and_its_container_stays_what_it_is(value):
    with standing(CUDA):
        out = moved(value, torch.device("cuda:0"))
        assert type(out) is type(value)
        found = (
            [out.ids]
            if isinstance(out, Batch)
            else torch.utils._pytree.tree_leaves(dict(out) if isinstance(out, BatchEncoding) else out)
        )
        places = [leaf.device.type for leaf in found if isinstance(leaf, torch.Tensor)]
        assert places == ["cuda"]


def test_what_is_no_tensor_stays_itself():
    thing = SimpleNamespace(x=torch.ones(1))
    assert moved(thing, torch.device("cpu")) is thing


@pytest.mark.parametrize(
    ("inputs", "seen"),
    [
        ({"x": 1, "y": 2}, ((), {"x": 1, "y": 2})),
        ((1, 2), ((1, 2), {})),
        ([1, 2], (([1, 2],), {})),
        (Pair(1, 2), ((Pair(1, 2),), {})),
        (7, ((7,), {})),
    ],
)
def test_how_inputs_are_passed(inputs, seen):
    assert call(lambda *args, **kwargs: (args, kwargs), inputs) == seen


def test_outputs_are_named_by_path():
    x, y = torch.ones(1), torch.zeros(1)
    value = {"logits": x, "past": [(y, x)], "n": 3}
    assert [path for path, _ in tensors(value)] == ["output['logits']", "output['past'][0][0]", "output['past'][0][1]"]
    assert [path for path, _ in tensors(Batch(x))] == ["output.ids"]
    assert [path for path, _ in tensors(x)] == ["output"]


def test_a_subject_is_built_moved_and_fed():
    target = Target(name="t", build=lambda: torch.nn.Linear(2, 1), inputs=lambda: (torch.ones(1, 2),))
    with standing(CUDA):
        subject = prepare(target, CUDA)
        assert subject.model.weight.is_cuda
        assert subject.fresh_inputs()[0].is_cuda
        assert subject.fresh_inputs(torch.device("cpu"))[0].is_cpu
        assert subject.call().is_cuda


def test_a_subject_without_inputs_is_not_checked():
    subject = prepare(Target(name="t", build=lambda: torch.nn.Linear(2, 1)), Device(kind="cpu"))
    with pytest.raises(NotChecked, match="give --inputs"):
        subject.call()
