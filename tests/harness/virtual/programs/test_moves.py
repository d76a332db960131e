"""Moves: every spelling of `.to()`, buffers, ties, `.data`, `.grad`, containers, and what has no device to be on."""

import pytest
import torch
from torch import nn

SPELLINGS = {
    "string": lambda x, d: x.to(d),
    "device": lambda x, d: x.to(torch.device(d)),
    "keyword": lambda x, d: x.to(device=d, dtype=torch.float16),
    "positional": lambda x, d: x.to(d, torch.float64 if d != "mps" else torch.float32, True, False).float(),
    "module's": lambda x, d: x.to(torch.device(d), None, False),
    "other": lambda x, d: x.to(torch.ones(1, device=d)),
    "type_as": lambda x, d: x.type_as(torch.ones(1, device=d)),
    "copy": lambda x, d: x.to(d, copy=True),
    "memory format": lambda x, d: x.to(d, memory_format=torch.contiguous_format),
    "there and back": lambda x, d: x.to(d).cpu().to(d),
    "empty_like": lambda x, d: torch.empty_like(x, device=d).copy_(x),
    "zeros_like": lambda x, d: torch.zeros_like(x, device=d),
    "new_full": lambda x, d: x.new_full((2,), 3.0, device=d),
    "a view": lambda x, d: x.t()[1:].to(d),
    "an expanded one": lambda x, d: x[:1].expand(3, 2).to(d),
    "an empty one": lambda x, d: x[:0].to(d),
    "a number": lambda x, d: torch.tensor(3).to(d),
}


@pytest.mark.parametrize("move", SPELLINGS.values(), ids=SPELLINGS)
def test_spellings(same, move):
    same(lambda d: move(torch.arange(4.0).view(2, 2), d))


@pytest.mark.parametrize(
    "view", [lambda x: x.t(), lambda x: x.t()[1:], lambda x: x[:1].expand(3, 2), lambda x: x[:, ::2]]
)
def test_strides_are_those_of_a_copy(place, view):
    x = view(torch.arange(4.0).view(2, 2))
    assert x.to(place).stride() == x.to("cpu", copy=True).stride()


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(2))
        self.register_buffer("scratch", torch.ones(2), persistent=False)
        self.register_buffer("absent", None)
        self.layers = nn.ModuleList([nn.Linear(2, 2, bias=False) for _ in range(2)])
        self.layers[1].weight = self.layers[0].weight
        self.scales = nn.ParameterDict({"one": nn.Parameter(torch.ones(2))})

    def forward(self, x):
        self.seen += x.detach().sum(0)
        for layer in self.layers:
            x = layer(x) * self.scales["one"] + self.scratch
        return x


@pytest.mark.parametrize(
    "move",
    [
        lambda m, d: m.to(d),
        lambda m, d: m.to(torch.device(d)),
        lambda m, d: m.to(device=d),
        lambda m, d: m.to(device=torch.device(d)),
        lambda m, d: m.to(device=d, dtype=torch.float16),
        lambda m, d: m.to(d, torch.float16, True),
        lambda m, d: m.to(torch.float16).to(d),
        lambda m, d: m.to(torch.ones(1, device=d)),
        lambda m, d: m.to(tensor=torch.ones(1, device=d)),
        lambda m, d: m.to_empty(device=d).requires_grad_(False).apply(lambda part: torch.nn.init.ones_(part.weight)),
    ],
)
def test_spellings_of_a_module(same, move):
    same(lambda d: move(nn.Linear(2, 2, bias=False).requires_grad_(False), d).weight)


def test_modules(same):
    def program(d):
        torch.manual_seed(0)
        model = Counter().to(d)
        out = model(torch.ones(1, 2, device=d))
        assert model.layers[0].weight is model.layers[1].weight
        assert list(model.state_dict()) == ["seen", "layers.0.weight", "layers.1.weight", "scales.one"]
        return out, dict(model.named_buffers()), model.state_dict()

    same(program)


def test_modules_move_back(same):
    def program(d):
        model = Counter().to(d).to("cpu")
        return [*model.parameters(), *model.buffers()]

    same(program, host=range(4))


def test_gradients_move_along(same):
    def program(d):
        layer = nn.Linear(2, 2)
        layer(torch.ones(1, 2)).sum().backward()
        gradient = layer.weight.grad
        layer.to(d)
        return layer.weight.grad, gradient

    same(program)


def test_half(same):
    def program(d):
        model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).to(d).bfloat16()
        return list(model.state_dict().values())

    same(program)


def test_data_and_grad_may_be_assigned(same):
    def program(d):
        weight = nn.Parameter(torch.ones(2))
        weight.data = torch.arange(2.0, device=d)
        weight.grad = torch.ones(2, device=d)
        weight.data += weight.grad
        return weight, weight.data, weight.grad

    same(program)


def test_state_dicts_load_across_devices(same):
    def program(d):
        source, target = nn.Linear(2, 2), nn.Linear(2, 2).to(d)
        target.load_state_dict(source.state_dict())
        source.load_state_dict(target.state_dict())
        return [*target.parameters(), *source.parameters()]

    same(program, host=(2, 3))


def test_default_devices(same):
    def program(d):
        with torch.device(d):
            inside = nn.Linear(2, 2), torch.ones(2), torch.randn(2), torch.tensor([1]), torch.arange(3)
        torch.set_default_device(d)
        default = torch.zeros(2), torch.get_default_device().type == torch.device(d).type
        torch.set_default_device(None)
        return list(inside[0].parameters()), inside[1:], default, torch.ones(1)

    same(program, host=(7,))


FACTORIES = {
    "zeros": lambda d: torch.zeros(2, 3, device=d),
    "empty, filled": lambda d: torch.empty((2,), device=d).fill_(1),
    "arange": lambda d: torch.arange(1, 5, 2, device=d, dtype=torch.float16),
    "eye": lambda d: torch.eye(3, device=d),
    "linspace": lambda d: torch.linspace(0, 1, 5, device=d),
    "randint": lambda d: torch.randint(0, 9, (4,), device=d),
    "randperm": lambda d: torch.randperm(5, device=d),
    "rand with a generator": lambda d: torch.rand(3, device=d, generator=torch.Generator(d).manual_seed(1)),
    "tril_indices": lambda d: torch.tril_indices(3, 3, device=d),
    "full": lambda d: torch.full((2,), True, device=d),
    "scalar_tensor": lambda d: torch.scalar_tensor(2, device=d),
    "normal": lambda d: torch.normal(0.0, 1.0, (3,), device=d),
    "hann_window": lambda d: torch.hann_window(4, device=d),
    "multinomial": lambda d: torch.multinomial(torch.ones(4, device=d), 2, generator=torch.Generator(d).manual_seed(1)),
    "bernoulli_": lambda d: torch.empty(4, device=d).bernoulli_(0.5, generator=torch.Generator(d).manual_seed(1)),
    "parameter": lambda d: nn.Parameter(torch.zeros(2, device=d)),
    "initialised": lambda d: nn.init.kaiming_uniform_(torch.empty(2, 2, device=d)),
    "truncated": lambda d: nn.init.trunc_normal_(torch.empty(2, 2, device=d)),
    "module": lambda d: list(nn.Linear(2, 2, device=d).parameters()),
    "complex": lambda d: torch.complex(torch.ones(2, device=d), torch.ones(2, device=d)),
    "cartesian": lambda d: torch.cartesian_prod(torch.arange(2, device=d), torch.arange(2, device=d)),
    "meshgrid": lambda d: torch.meshgrid(torch.arange(2, device=d), torch.arange(3, device=d), indexing="ij"),
    "unique": lambda d: torch.unique(torch.tensor([2, 1, 2], device=d), return_counts=True),
    "histc": lambda d: torch.histc(torch.arange(4.0, device=d), 2),
    "bincount": lambda d: torch.bincount(torch.tensor([0, 1, 1], device=d)),
    "searchsorted": lambda d: torch.searchsorted(torch.arange(4.0, device=d), 2.5),
    "out=": lambda d: torch.add(torch.ones(2, device=d), 1, out=torch.empty(2, device=d)),
    "split": lambda d: torch.arange(6, device=d).tensor_split(torch.tensor([2, 4])),
    "block_diag": lambda d: torch.block_diag(torch.ones(1, 1, device=d), torch.ones(2, 2, device=d)),
}


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_factories(same, make):
    same(make)


@pytest.mark.parametrize("make", FACTORIES.values(), ids=FACTORIES)
def test_factories_in_inference_mode(same, make):
    same(torch.inference_mode()(make))
