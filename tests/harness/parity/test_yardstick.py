import torch
from torch import nn

from samedevice.harness.parity.asking import ask
from samedevice.harness.parity.yardstick import in_float64, reference


def test_the_reference_is_numpys():
    torch.manual_seed(0)
    model, x = nn.Linear(64, 3), torch.randn(5, 64)
    exact = dict(reference(model, (x,)).answer.leaves)["output"]
    weight, bias = (p.detach().numpy().astype("float64") for p in (model.weight, model.bias))
    expected = torch.from_numpy(x.numpy().astype("float64") @ weight.T + bias)
    torch.testing.assert_close(exact, expected, rtol=1e-14, atol=1e-14)
    here = dict(ask(model, (x,)).answer.leaves)["output"]
    assert 0 < float((here.double() - exact).abs().max()) < 1e-5
    assert model.weight.dtype == torch.float32


class Mixing(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        return self.linear(x) @ torch.ones(4, 4)


class Uncopied(nn.Linear):
    def __deepcopy__(self, memo):
        raise TypeError("not copied")


def test_none_where_it_cannot_be_asked():
    assert reference(Mixing(), (torch.ones(1, 4),)) is None
    assert in_float64(Uncopied(2, 2)) is reference(Uncopied(2, 2), (torch.ones(1, 2),)) is None
