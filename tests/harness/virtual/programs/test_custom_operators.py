"""`torch.library.custom_op`: PyTorch checks no devices of such an operator, its Python body does as it likes."""

import pytest
import torch

from samedevice.harness.device import Device
from samedevice.harness.observing import observe
from samedevice.harness.stage import standing


@torch.library.custom_op("samedevice_tests::pick", mutates_args=())
def pick(x: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    return x[index] * torch.ones(1, device=x.device)


@torch.library.custom_op("samedevice_tests::shift", mutates_args=("x",))
def shift(x: torch.Tensor, by: float) -> None:
    x.add_(torch.full((3,), by, device=x.device))


@torch.library.custom_op("samedevice_tests::stray", mutates_args=())
def stray(x: torch.Tensor) -> torch.Tensor:
    gain = torch.ones(3)
    return x * gain


@torch.library.custom_op("samedevice_tests::scaled", mutates_args=())
def scaled(x: torch.Tensor, by: float) -> torch.Tensor:
    return x * by


def _backward(ctx, gradient):
    return gradient * ctx.by, None


scaled.register_autograd(_backward, setup_context=lambda ctx, inputs, output: setattr(ctx, "by", inputs[1]))


def test_a_body_may_take_an_index_from_the_host(same):
    same(lambda d: pick(torch.arange(3.0, device=d), torch.tensor([0, 2])))


def test_a_body_may_write_to_its_arguments(same):
    def program(d):
        x = torch.zeros(3, device=d)
        shift(x, 2.0)
        return x + torch.ones(3, device=d)

    same(program)


def test_a_body_with_a_backward(same):
    def program(d):
        x = torch.ones(3, device=d, requires_grad=True)
        scaled(x, 3.0).sum().backward()
        return x.grad

    same(program)


def test_a_body_that_mixes_devices_is_refused(place):
    with pytest.raises(RuntimeError, match="same device"):
        stray(torch.ones(3, device=place))


def test_the_stray_of_a_body_is_named():
    with standing(Device(kind="cuda", virtual=True)):
        observed = observe(torch.nn.Module(), lambda: stray(torch.ones(3, device="cuda")))
    (finding,) = observed.findings
    assert finding.subject == "gain"
    assert finding.origin.line == stray._init_fn.__code__.co_firstlineno + 2
