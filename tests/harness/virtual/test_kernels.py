"""What MPS has no kernel for, by PyTorch's declarations."""

import pytest
import torch
from torch import nn

import samedevice
from samedevice.harness.device import Device
from samedevice.harness.target import Target
from samedevice.suites.placement.forward import FORWARD

MISSING = {
    "take": lambda x: x.take(torch.zeros(1, dtype=torch.long, device=x.device)),
    "mode": lambda x: x.mode(),
    "poisson": lambda x: torch.poisson(x.abs()),
    "heaviside": lambda x: torch.heaviside(x, x),
    "eigh": lambda x: torch.linalg.eigh(x @ x.T),
}
PRESENT = {
    "svd, which runs on the CPU with a warning": lambda x: torch.linalg.svd(x),
    "attention": lambda x: nn.functional.scaled_dot_product_attention(x[None], x[None], x[None]),
    "encoder layer": lambda x: nn.TransformerEncoderLayer(3, 1, 4, batch_first=True).to(x.device).eval()(x[None]),
    "lstm": lambda x: nn.LSTM(3, 2).to(x.device)(x)[0],
    "conv": lambda x: nn.Conv1d(1, 2, 2).to(x.device)(x[:, None]),
}


@pytest.fixture(params=["mps", "cuda"])
def on(request):
    with samedevice.virtual(request.param):
        yield torch.linspace(-1, 1, 9, device=request.param).view(3, 3)


@pytest.mark.parametrize("name", MISSING)
def test_mps_alone_refuses_what_it_lacks(on, name):
    if on.is_cuda:
        MISSING[name](on)
        return
    with pytest.raises(
        NotImplementedError, match=r"The operator 'aten::\w+(\.\w+)?' is not currently implemented for the MPS"
    ):
        MISSING[name](on)


@pytest.mark.parametrize("name", MISSING)
def test_the_fallback_is_respected(monkeypatch, name):
    monkeypatch.setenv("PYTORCH_ENABLE_MPS_FALLBACK", "1")
    with samedevice.virtual("mps"):
        MISSING[name](torch.linspace(-1, 1, 9, device="mps").view(3, 3))


@pytest.mark.parametrize("name", PRESENT)
def test_what_it_has_runs(on, name):
    PRESENT[name](on)


DOUBLES = {
    "to": lambda x: x.double(),
    "sum": lambda x: x.sum(dtype=torch.float64),
    "cumsum": lambda x: x.cumsum(0, dtype=torch.float64),
    "softmax": lambda x: x.softmax(-1, dtype=torch.float64),
    "zeros_like": lambda x: torch.zeros_like(x, dtype=torch.float64),
    "new_zeros": lambda x: x.new_zeros(2, dtype=torch.float64),
    "full": lambda x: torch.full((2,), 1.0, dtype=torch.float64, device=x.device),
    "complex": lambda x: x.to(torch.complex128),
}


@pytest.mark.parametrize("name", DOUBLES)
def test_mps_alone_refuses_double_precision(on, name):
    if on.is_cuda:
        DOUBLES[name](on)
        return
    with pytest.raises(TypeError, match=r"Cannot convert a MPS Tensor to (float64|ComplexDouble) dtype as the MPS"):
        DOUBLES[name](on)


class Median(nn.Module):
    def forward(self, x):
        return x.mode(-1).values  # used


def test_a_finding_names_the_operator_and_the_line():
    from samedevice.harness.stage import standing

    device = Device(kind="mps", virtual=True)
    target = Target(name="mode", build=Median, inputs=lambda: (torch.ones(2, 3),))
    with standing(device):
        found = [item for item in FORWARD.run(target, device) if hasattr(item, "code")]
    (finding,) = found
    assert (finding.code, finding.op) == ("SD205", "aten::mode")
    assert finding.message.startswith("mps:0 cannot run aten::mode: NotImplementedError: The operator 'aten::mode'")
    assert finding.message.endswith("called by `return x.mode(-1).values  # used`")
    assert "PYTORCH_ENABLE_MPS_FALLBACK=1" in finding.hint
