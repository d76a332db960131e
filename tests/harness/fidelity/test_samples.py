from types import SimpleNamespace

import pytest
import torch

from samedevice.harness.fidelity import samples


class Operator(SimpleNamespace):
    """As much of an OpInfo as is asked for."""

    def supported_dtypes(self, kind):
        return self.dtypes if kind == "cpu" else set()

    def sample_inputs(self, device, dtype, requires_grad):
        assert (device, requires_grad) == ("cpu", False)
        return iter(self.samples(dtype))

    def __call__(self, *args, **kwargs):
        return self.op(*args, **kwargs)


def sample(first, *args, **kwargs):
    return SimpleNamespace(input=first, args=args, kwargs=kwargs)


def operator(*made, dtypes=frozenset({torch.float32}), op=None):
    return Operator(dtypes=dtypes, samples=lambda dtype: made, op=op, name="add")


def test_what_is_huge_or_has_nothing_to_move_is_passed_over():
    made = [sample(torch.zeros(1).expand(samples.MOST_ELEMENTS + 1)), sample((2, 3)), sample(torch.zeros(2))]
    (case,) = samples.cases(operator(*made))
    assert (case.sample, case.operands) == (2, ("float32[2]",))


@pytest.mark.parametrize(
    ("dtypes", "wanted"),
    [
        ({torch.float32, torch.int64, torch.bool}, ["float32", "int64"]),
        ({torch.float64, torch.bool}, ["bool"]),
        ({torch.float16, torch.float32, torch.bfloat16}, ["float32", "float16", "bfloat16"]),
        ({torch.float16, torch.int32}, ["int32"]),
        ({torch.complex128, torch.complex64}, ["complex128"]),
    ],
)
def test_dtypes(dtypes, wanted):
    found = samples.cases(operator(sample(torch.zeros(2)), dtypes=dtypes))
    assert [case.dtype for case in found] == wanted


def test_operands_are_found_anywhere_and_placed_in_order():
    seen = []

    def op(*args, **kwargs):
        seen.append((args, kwargs))

    x, y, z = torch.zeros(1), torch.ones(2), torch.tensor(3)
    made = sample([x, y], (slice(None), z), "cpu", dim=0, device=torch.device("cpu"), word="other")
    (case,) = samples.cases(operator(made, op=op))
    assert case.operands == ("float32[1]", "float32[2]", "int64[]", "device", "device")
    case.call(["meta", "cpu", "cpu", "cpu", "meta"])
    ((first, index, word), kwargs) = seen[0]
    assert [one.device.type for one in first] == ["meta", "cpu"]
    assert torch.equal(first[1], y)
    assert first[1] is not y
    assert (index[0], torch.equal(index[1], z)) == (slice(None), True)
    assert (word, kwargs["device"]) == (torch.device("cpu"), torch.device("meta"))
    assert (kwargs["dim"], kwargs["word"]) == (0, "other")


def test_an_operator_that_writes_does_not_change_the_next_call():
    made = sample(torch.zeros(2))
    (case,) = samples.cases(operator(made, op=lambda x: x.add_(1)))
    assert case.call(["cpu"]).tolist() == case.call(["cpu"]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("name", "kind", "family"),
    [
        ("linalg.norm", "OpInfo", "linalg"),
        ("nn.functional.relu", "UnaryUfuncInfo", "nn.functional"),
        ("torch.ops.aten._safe_softmax.default", "OpInfo", "aten"),
        ("sin", "UnaryUfuncInfo", "unary"),
        ("cat", "OpInfo", "other"),
    ],
)
def test_families(name, kind, family):
    assert samples.family(type(kind, (), {"name": name})()) == family
