import pytest
import torch
from torch import nn
from torch.nn import functional as F

from samedevice.harness.naming import source_line
from samedevice.harness.parity.mixing import MIXED, stray

TABLE = torch.ones(4)


class Net(nn.Module):
    def __init__(self, disease):
        super().__init__()
        self.linear, self.disease = nn.Linear(4, 4), disease
        self.plain = torch.ones(4)

    def forward(self, x):
        if self.disease == "local":
            steps = torch.arange(4.0)
            x = x * (steps + 1)
        elif self.disease == "plain":
            x = x * self.plain * 2
        elif self.disease == "default":
            x = shifted(x)
        return F.linear(x, self.linear.weight)


def shifted(x, by=TABLE):
    return x + by


def asked(disease):
    return stray(Net(disease).half(), (torch.ones(2, 4).half(),), torch.float16)


def test_a_local_tensor_and_its_line():
    found = asked("local")
    assert (found.name, found.dtype, found.op) == ("steps", "torch.float32", "linear")
    assert source_line(found.origin.file, found.origin.line) == "steps = torch.arange(4.0)"
    assert source_line(found.use.file, found.use.line) == "return F.linear(x, self.linear.weight)"


def test_one_that_the_model_holds():
    found = asked("plain")
    assert (found.name, found.origin) == ("plain", None)


def test_one_that_a_function_holds():
    assert asked("default").name == "forward.<globals>.shifted.<defaults>.by"


def test_a_call_that_goes_through_has_no_stray():
    assert asked("none") is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: torch.ones(1, 2).half() @ torch.ones(2, 1),
        lambda: F.linear(torch.ones(1, 2), torch.ones(2, 2).half()),
        lambda: F.conv1d(torch.ones(1, 1, 4).half(), torch.ones(1, 1, 2)),
        lambda: torch.bmm(torch.ones(1, 1, 1), torch.ones(1, 1, 1).double()),
        lambda: torch.ones(2).half().masked_fill(torch.tensor([True, False]), -1e9),
        lambda: torch.zeros(2).half().index_copy(0, torch.tensor([0]), torch.ones(1)),
        lambda: torch.zeros(2).half().scatter(0, torch.tensor([0]), torch.ones(1)),
        lambda: torch.zeros(2, 2).half().baddbmm(torch.ones(1, 2, 2), torch.ones(1, 2, 2)),
        lambda: F.scaled_dot_product_attention(torch.ones(1, 1, 2, 2), *[torch.ones(1, 1, 2, 2).half()] * 2),
        lambda: torch.lerp(torch.ones(1).half(), torch.ones(1), 0.5),
    ],
)
def test_the_words_in_which_pytorch_refuses(call):
    with pytest.raises(RuntimeError) as refused:
        call()
    assert MIXED.search(str(refused.value).splitlines()[0])
