import os
import random
import time

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from samedevice.harness.result import Status
from samedevice.suites.parity.determinism import DETERMINISM


class Net(nn.Module):
    """What a specimen adds to a linear layer."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return self.linear(x) + self.more(x)

    def more(self, x):
        return torch.zeros_like(x)


class Entropy(Net):
    def more(self, x):
        return x * int.from_bytes(os.urandom(4), "big")


class Clock(Net):
    def more(self, x):
        return x * (time.perf_counter_ns() % 999_983)


@pytest.mark.parametrize("build", [Entropy, Clock])
@pytest.mark.parametrize("on", ["cpu", "cuda"])
def test_what_no_seed_reaches(findings, build, on):
    (found,) = findings(DETERMINISM, build, on)
    assert (found.code, found.severity) == ("SD405", "error")
    assert found.origin.file == __file__


class Noise(Net):
    def more(self, x):
        return torch.randn_like(x)  # draws


class Shuffled(Net):
    def more(self, x):
        return x * random.random()


class Unused(Net):
    def more(self, x):
        torch.rand(1)
        return torch.zeros_like(x)


def test_what_is_drawn_is_a_note(findings):
    (found,) = findings(DETERMINISM, Noise)
    assert (found.code, found.severity, found.subject) == ("SD409", "note", "randn_like")
    assert "at `return torch.randn_like(x)  # draws`" in found.message
    (found,) = findings(DETERMINISM, Shuffled)
    assert (found.code, found.subject) == ("SD409", "random")
    assert findings(DETERMINISM, Unused) == findings(DETERMINISM, Net) == []


class Dropping(Net):
    def __init__(self, heeds=False):
        super().__init__()
        self.heeds = heeds

    def more(self, x):
        return F.dropout(x, 0.5, training=self.training) if self.heeds else F.dropout(x, 0.5)


class Unseen(Net):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Dropout(0.5)]

    def more(self, x):
        return self.layers[0](x)


class Attending(Net):
    def more(self, x):
        query = x.view(1, 1, 2, 4)
        return F.scaled_dot_product_attention(query, query, query, dropout_p=0.5).view(2, 4)


@pytest.mark.parametrize("build", [Dropping, Unseen, Attending])
def test_dropout_in_evaluation_mode(findings, build):
    (found,) = findings(DETERMINISM, build)
    assert (found.code, found.severity) == ("SD408", "warning")
    assert found.origin.file == __file__


def test_dropout_that_heeds_the_mode(findings):
    assert findings(DETERMINISM, lambda: Dropping(heeds=True).train()) == []


class Total(Net):
    def __init__(self, always=True):
        super().__init__()
        self.always = always
        self.register_buffer("total", torch.zeros(4))

    def more(self, x):
        if self.always or self.training:
            self.total += x.mean(0)
        return self.total


class Counter(Net):
    calls = 0

    def more(self, x):
        self.calls += 1
        return x * self.calls


class Sampler(Net):
    """A generator of its own, with a seed: it goes on from call to call."""

    def __init__(self):
        super().__init__()
        self.source = torch.Generator().manual_seed(1)

    def more(self, x):
        return torch.randn(2, 4, generator=self.source).to(x.device)


class Seeded(Net):
    """The same of NumPy, whose state nobody puts back."""

    def __init__(self):
        super().__init__()
        import numpy as np

        self.source = np.random.default_rng(1)

    def more(self, x):
        return torch.tensor(self.source.normal(size=4), dtype=x.dtype, device=x.device)


@pytest.mark.parametrize(
    ("build", "subject"), [(Total, "total"), (Counter, "calls"), (Sampler, "source"), (Seeded, "source")]
)
@pytest.mark.parametrize("on", ["cpu", "mps"])
def test_state_that_goes_on_is_a_note(findings, build, subject, on):
    (found,) = findings(DETERMINISM, build, on)
    assert (found.code, found.severity, found.subject) == ("SD410", "note", subject)


def test_state_that_goes_on_in_training_alone(findings):
    assert findings(DETERMINISM, lambda: Total(always=False)) == []


class Raw(Net):
    def __init__(self, filled=False):
        super().__init__()
        self.filled = filled

    def more(self, x):
        out = torch.empty(2, 4)  # raw
        out[:, : 4 if self.filled else 3] = 0.0
        return out


def test_memory_that_nobody_wrote_to(findings):
    (found,) = findings(DETERMINISM, Raw)
    assert (found.code, found.severity) == ("SD411", "warning")
    assert "see `out = torch.empty(2, 4)  # raw`" in found.message
    assert findings(DETERMINISM, lambda: Raw(filled=True)) == []


class Summing(Net):
    def more(self, x):
        return x.cumsum(-1)


class Resizing(Net):
    def __init__(self, mode):
        super().__init__()
        self.mode = mode

    def more(self, x):
        image = self.linear(x).view(1, 1, 2, 4)
        return F.interpolate(image, scale_factor=2, mode=self.mode).mean()  # resizes


def test_kernels_that_are_not_deterministic_are_notes_on_cuda(findings):
    (found,) = findings(DETERMINISM, Summing, "cuda")
    assert (found.code, found.severity, found.subject, found.op) == (
        "SD407",
        "note",
        "cumsum_cuda_kernel",
        "aten::cumsum",
    )
    (found,) = findings(DETERMINISM, lambda: Resizing("bicubic"), "cuda")
    assert found.subject == "upsample_bicubic2d_backward_out_cuda"
    assert found.use is not None
    assert findings(DETERMINISM, Summing, "cpu") == findings(DETERMINISM, Summing, "mps") == []
    assert findings(DETERMINISM, lambda: Resizing("nearest"), "cuda") == []


class Crashing(Net):
    def more(self, x):
        raise ValueError("no such layer")


def test_what_cannot_be_called_is_not_checked(cell):
    result = cell(DETERMINISM, Crashing)
    assert result.status is Status.NOT_CHECKED
    assert "ValueError: no such layer" in result.reason


class Stray(Net):
    def __init__(self):
        super().__init__()
        self.shift = torch.ones(4)

    def more(self, x):
        return self.shift


def test_mixed_devices_are_left_to_forward(cell):
    result = cell(DETERMINISM, Stray, "cuda")
    assert (result.status, result.findings) == (Status.NOT_CHECKED, ())
    assert "cuda:0 refuses the model: `shift` is on cpu" in result.reason
