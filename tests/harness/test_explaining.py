import pickle

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from samedevice.harness.device import Device
from samedevice.harness.explaining import explain, find
from samedevice.harness.stage import standing
from samedevice.harness.virtual import labels

CUDA = Device(kind="cuda", virtual=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.ones(3)  # line 2 of __init__

    def forward(self, x):
        return x + self.table

    def derived(self, x):
        rows = self.table * 2 + 1
        return x + rows

    def local(self, x):
        base = torch.arange(3.0)
        rows = base.view(3, 1).squeeze() * 2
        return x + rows

    def view(self, x):
        return x[:2] + self.table[1:]


def finding_of(call):
    with standing(CUDA) as session:
        model = Net().to("cuda")
        getattr(model, call)(torch.ones(3, device="cuda"))
        (mismatch,) = session.ledger.take()
        return explain(mismatch, model)


def line(method, offset):
    return getattr(Net, method).__code__.co_firstlineno + offset


@pytest.mark.parametrize("call", ["forward", "derived", "view"])
def test_an_attribute_is_blamed_by_its_path_and_its_birth(call):
    finding = finding_of(call)
    assert (finding.code, finding.subject) == ("SD201", "table")
    assert (finding.origin.file, finding.origin.line) == (__file__, line("__init__", 2))
    assert finding.hint == 'in `Net`: `self.register_buffer("table", ..., persistent=False)`'


def test_the_message_tells_the_whole_story():
    finding = finding_of("forward")
    assert finding.message == (
        "`table` is on cpu, expected cuda:0: RuntimeError: Expected all tensors to be on the same device, but found at "
        "least two devices, cuda:0 and cpu! [aten::add.Tensor]; made by `self.table = torch.ones(3)  # line 2 of "
        "__init__`"
    )
    assert (finding.op, finding.use.line) == ("aten::add.Tensor", line("forward", 1))


def test_a_local_tensor_is_blamed_by_what_it_was_made_of():
    finding = finding_of("local")
    assert finding.subject == "base"
    assert finding.origin.line == line("local", 1)
    assert finding.use.line == line("local", 3)
    assert finding.hint.startswith("make it on the device of what it meets")


def test_a_tensor_that_was_there_before_has_no_origin():
    early = torch.ones(3)
    with standing(CUDA):
        culprit = find(labels.get(early), Net())
    assert (culprit.name, culprit.origin, culprit.reached) == (None, None, None)


class Sampler(nn.Module):
    def __init__(self):
        super().__init__()
        self.rng = torch.Generator()  # line 2 of __init__

    def forward(self, x):
        return torch.multinomial(x, 1, generator=self.rng)

    def by_its_device(self, x):
        return torch.randn(x.shape, device=x.device, generator=self.rng)


@pytest.mark.parametrize("call", ["forward", "by_its_device"])
def test_a_generator_is_named_and_its_line_too(call):
    with standing(CUDA) as session:
        model = Sampler()
        getattr(model, call)(torch.ones(3, device="cuda"))
        (mismatch,) = session.ledger.take()
        finding = explain(mismatch, model)
    assert (finding.code, finding.subject) == ("SD203", "rng")
    assert finding.origin.line == Sampler.__init__.__code__.co_firstlineno + 2


def test_a_local_generator_is_named_too():
    def draws():
        rng = torch.Generator()
        return torch.multinomial(torch.ones(3, device="cuda"), 1, generator=rng)

    with standing(CUDA) as session:
        draws()
        (mismatch,) = session.ledger.take()
        finding = explain(mismatch, nn.Module())
    assert (finding.subject, finding.origin.line) == ("rng", draws.__code__.co_firstlineno + 1)


def test_legacy_constructors_are_births_too():
    def mixes():
        values = torch.Tensor([1.0, 2.0, 3.0])
        typed = torch.FloatTensor([1.0, 2.0, 3.0])
        sized = torch.FloatTensor(3).zero_()
        return [torch.ones(3, device="cuda") + stray for stray in (values, typed, sized)]

    with standing(CUDA) as session:
        mixes()
        found = [explain(mismatch, nn.Module()) for mismatch in session.ledger.take()]
    first = mixes.__code__.co_firstlineno
    assert [f.origin.line - first for f in found] == [1, 2, 3]
    assert [f.subject for f in found] == ["values", "typed", "sized"]


def test_every_stray_of_one_operator_is_named():
    def mixes():
        weight = torch.ones(2, 3)
        bias = torch.zeros(2)
        return nn.functional.linear(torch.ones(1, 3, device="cuda"), weight, bias)

    with standing(CUDA) as session:
        mixes()
        found = [explain(mismatch, nn.Module()) for mismatch in session.ledger.take()]
    first = mixes.__code__.co_firstlineno
    assert {(f.subject, f.origin.line) for f in found} == {("weight", first + 1), ("bias", first + 2)}


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 3)
        self.sliced = self.embedding.weight.detach()[:2]  # line 3 of __init__
        self.turned = self.embedding.weight.data.t()
        self.copied = self.embedding.weight.data.clone().view(3, 4)

    def forward(self, x, name):
        return x * getattr(self, name)[0, 0:1]


@pytest.mark.parametrize(("name", "row"), [("sliced", 3), ("turned", 4), ("copied", 5)])
def test_a_view_of_a_parameter_was_made_where_it_was_taken(name, row):
    with standing(CUDA) as session:
        model = Tied()
        for other in {"sliced", "turned"} - {name}:
            delattr(model, other)
        model.to("cuda")(torch.ones(3, device="cuda"), name)
        (mismatch,) = session.ledger.take()
        finding = explain(mismatch, model)
    assert finding.subject == name
    assert finding.origin.line == Tied.__init__.__code__.co_firstlineno + row


def test_the_lengths_of_an_unpacked_sequence_have_an_origin():
    def mixes():
        packed = nn.utils.rnn.pack_padded_sequence(torch.ones(2, 1, 3, device="cuda"), [2])
        _, lengths = nn.utils.rnn.pad_packed_sequence(packed)
        return torch.arange(1, device="cuda") < lengths

    with standing(CUDA) as session:
        mixes()
        (mismatch,) = session.ledger.take()
        finding = explain(mismatch, nn.Module())
    assert finding.origin.line == mixes.__code__.co_firstlineno + 2


def test_what_comes_from_a_file_has_an_origin(tmp_path):
    torch.save(torch.ones(3), tmp_path / "mean.pt")
    save_file({"mean": torch.ones(3)}, tmp_path / "mean.safetensors")

    def mixes():
        loaded = torch.load(tmp_path / "mean.pt")
        pickled = pickle.loads(pickle.dumps(torch.ones(3)))
        safe = load_file(tmp_path / "mean.safetensors")["mean"]
        shared = torch.from_dlpack(np.ones(3, dtype=np.float32))
        return [torch.ones(3, device="cuda") + stray for stray in (loaded, pickled, safe, shared)]

    with standing(CUDA) as session:
        mixes()
        found = [explain(mismatch, nn.Module()) for mismatch in session.ledger.take()]
    first = mixes.__code__.co_firstlineno
    assert [(f.subject, f.origin.line - first) for f in found] == [
        ("loaded", 1),
        ("pickled", 2),
        ("safe", 3),
        ("shared", 4),
    ]
