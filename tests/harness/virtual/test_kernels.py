"""What a device has no kernel for: by PyTorch's declarations, and as recorded on a GPU."""

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


WITHOUT_CUDA = {
    "histogram": (lambda x: torch.histogram(x, 3), r"Could not run 'aten::histogram.bin_ct' with .* 'CUDA' backend"),
    "product of integers": (lambda x: x.long() @ x.long(), "\"addmm_cuda\" not implemented for 'Long'"),
    "linear layer of integers": (lambda x: nn.functional.linear(x.int(), x.int()), "not implemented for 'Int'"),
    "convolution of integers": (lambda x: nn.functional.conv1d(x.long()[None], x.long()[:, :, None]), "for Long"),
    "pooling of integers": (lambda x: nn.functional.max_pool2d(x.long()[None], 2), "not implemented for 'Long'"),
    "angle in half precision": (lambda x: x.half().angle(), "\"angle_cuda\" not implemented for 'Half'"),
    "least squares by another driver": (lambda x: torch.linalg.lstsq(x, x, driver="gelsd"), "other than `gels`"),
}


@pytest.mark.parametrize("name", WITHOUT_CUDA)
def test_cuda_refuses_what_it_has_no_kernel_for(name):
    call, words = WITHOUT_CUDA[name]
    x = torch.linspace(-1, 1, 9).view(3, 3)
    call(x)
    with samedevice.virtual("cuda"):
        call(x)  # the host still has it
        with pytest.raises((NotImplementedError, RuntimeError), match=words):
            call(x.cuda())


def test_no_kernel_is_launched_for_nothing():
    with samedevice.virtual("cuda"):
        empty = torch.empty(0, 2, dtype=torch.long, device="cuda")
        assert (empty @ empty.T).shape == (0, 0)


def test_a_product_of_integers_is_a_finding_that_names_the_tensor():
    class Counts(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("counts", torch.ones(2, 2, dtype=torch.long))

        def forward(self, x):
            return self.counts @ x

    report = samedevice.check(
        Counts, inputs=(torch.ones(2, 2, dtype=torch.long),), devices=["cuda"], checks=["forward"]
    )
    (finding,) = report.findings
    assert (finding.code, finding.subject) == ("SD204", "counts")


HALVES = {
    "pooling": lambda x: nn.functional.avg_pool3d(x[None, None], 1),
    "loss": lambda x: nn.functional.huber_loss(x, x + 1),
    "histogram of integers": lambda x: x.long().histc(3, 0, 2),
}


@pytest.mark.parametrize("name", HALVES)
def test_what_the_cpu_lacks_is_computed_another_way(name):
    x = torch.linspace(0, 2, 8).view(2, 2, 2)
    expected = HALVES[name](x) if name != "histogram of integers" else x.long().double().histc(3, 0, 2).long()
    with samedevice.virtual("cuda"):
        found = HALVES[name](x.cuda() if name == "histogram of integers" else x.cuda().half())
        assert found.is_cuda
        torch.testing.assert_close(found.cpu().to(expected.dtype), expected, rtol=1e-3, atol=1e-3)


WIDER = {
    "mm": (lambda a, b, c, **how: torch.mm(a, b, **how), lambda a, b, c: a @ b),
    "bmm": (lambda a, b, c, **how: torch.bmm(a[None], b[None], **how), lambda a, b, c: (a @ b)[None]),
    "addmm": (lambda a, b, c, **how: torch.addmm(c, a, b, beta=2, **how), lambda a, b, c: 2 * c + a @ b),
    "baddbmm": (
        lambda a, b, c, **how: torch.baddbmm(c[None], a[None], b[None], **how),
        lambda a, b, c: (c + a @ b)[None],
    ),
}


@pytest.mark.parametrize("name", WIDER)
def test_cuda_has_products_that_are_wider_than_their_operands(name):
    product, plain = WIDER[name]
    operands = [torch.rand(shape).bfloat16() for shape in ((3, 4), (4, 5), (3, 5))]
    with pytest.raises(NotImplementedError, match="dtype"):
        product(*operands, out_dtype=torch.float32)
    with samedevice.virtual("cuda"):
        found = product(*(operand.cuda() for operand in operands), out_dtype=torch.float32)
        assert (found.dtype, found.device.type) == (torch.float32, "cuda")
    torch.testing.assert_close(found.cpu(), plain(*(operand.float() for operand in operands)))
