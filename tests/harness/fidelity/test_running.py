import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.fidelity.case import Case
from samedevice.harness.fidelity.row import Ending, Outcome
from samedevice.harness.fidelity.running import LONGEST_MESSAGE, is_spoiled, outcome, standing

CARD = Device(kind="cuda", index=1, virtual=True)


def case(call):
    return Case(operands=("x",), call=call)


def test_results_say_dtype_and_device():
    def call(devices):
        x = torch.ones(2, device=devices[0])
        return {"a": [x, x.long().cpu()], "b": (x.device, 1.5, None)}

    with standing(CARD):
        assert outcome(case(call), "d", CARD) == Outcome(
            ending=Ending.ALLOWED,
            results=("float32@cuda:1", "int64@cpu", "device cuda:1", "float", "NoneType"),
        )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("first\nsecond"), "first"),
        (ValueError("\nat 0x7f00Ab1, twice 0x1"), "at 0x…, twice 0x…"),
        (ValueError("x" * 1000), "x" * LONGEST_MESSAGE),
        (ValueError(), ""),
    ],
)
def test_errors_are_their_type_and_first_line(error, message):
    def call(devices):
        raise error

    assert outcome(case(call), "d", CARD) == Outcome(ending=Ending.RAISED, error="ValueError", message=message)


def test_random_numbers_are_the_same_in_every_call():
    drawn = []
    for _ in range(2):
        outcome(case(lambda devices: drawn.append(torch.rand(1).item())), "c", CARD)
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("message", "late", "is_lost"),
    [
        ("CUDA error: device-side assert triggered", None, True),
        ("Expected all tensors to be on the same device", None, False),
        ("index out of range", "CUDA error: unspecified launch failure", True),
    ],
)
def test_a_kernel_that_asserted_spoils_a_real_device(monkeypatch, message, late, is_lost):
    waited = []

    def synchronize(index):
        waited.append(index)
        if late:
            raise RuntimeError(late)

    monkeypatch.setattr(torch.cuda, "synchronize", synchronize)
    found = Outcome(ending=Ending.RAISED, error="AcceleratorError", message=message)
    assert is_spoiled(found, Device(kind="cuda", index=1)) is is_lost
    assert waited == [1]
    assert not is_spoiled(found, Device(kind="cuda", virtual=True))
    assert not is_spoiled(Outcome(ending=Ending.ALLOWED), Device(kind="cuda"))


def test_a_late_error_belongs_to_the_call_that_made_it(monkeypatch):
    def synchronize():
        raise RuntimeError("late")

    monkeypatch.setattr(torch.mps, "synchronize", synchronize)
    found = outcome(case(lambda devices: 1), "d", Device(kind="mps"))
    assert found == Outcome(ending=Ending.RAISED, error="RuntimeError", message="late")
