import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.stage import standing
from samedevice.harness.virtual.session import current


def test_a_real_device_changes_nothing():
    with standing(Device(kind="cpu")):
        assert current() is None
        assert not torch.cuda.is_available()


@pytest.mark.parametrize(("kind", "index"), [("cuda", 0), ("cuda", 2), ("mps", 0), ("xpu", 0)])
def test_a_virtual_device_stands_with_its_siblings_and_a_ledger(kind, index):
    with standing(Device(kind=kind, index=index, virtual=True)) as session:
        assert session is current()
        assert session.count == index + 1
        assert session.home == torch.device(kind, index)
        assert session.ledger is not None
        assert torch.ones(1, device=f"{kind}:{index}").device == session.home
    assert current() is None


def test_a_mismatch_is_noted_and_mended():
    with standing(Device(kind="cuda", virtual=True)) as session:
        out = torch.ones(2, device="cuda") + torch.ones(2)
        assert out.device.type == "cuda"
        (mismatch,) = session.ledger.take()
        assert (mismatch.code, mismatch.device, mismatch.expected) == ("SD201", "cpu", "cuda:0")
        assert session.ledger.take() == ()
