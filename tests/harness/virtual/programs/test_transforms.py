"""`torch.func`: vmap, grad, jacobians, functional_call and stacks of modules."""

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, stack_module_state, vjp, vmap

CALLS = {
    "vmap": lambda x: vmap(lambda row: row * row.sum())(x),
    "vmap of indexing": lambda x: vmap(lambda row, i: row[i], in_dims=(0, 0))(x, x.argmax(-1)),
    "vmap of matmul": lambda x: vmap(lambda row: x @ row)(x.repeat(1, 1)),
    "vmap with a CPU scalar": lambda x: vmap(lambda row: row * torch.tensor(2.0))(x),
    "vmap with a factory": lambda x: vmap(lambda row: row + torch.ones(3, device=x.device))(x),
    "vmap with new_zeros": lambda x: vmap(lambda row: row.new_zeros(3) + row)(x),
    "vmap random": lambda x: vmap(lambda row: row + torch.rand_like(row), randomness="different")(x),
    "nested vmap": lambda x: vmap(vmap(torch.sin))(x),
    "grad": lambda x: grad(lambda t: (t**2).sum())(x),
    "grad of grad": lambda x: vmap(grad(grad(torch.sin)))(x[0]),
    "jacrev": lambda x: jacrev(torch.sin)(x[0]),
    "jacfwd": lambda x: jacfwd(torch.sin)(x[0]),
    "hessian": lambda x: hessian(lambda t: (t**3).sum())(x[0]),
    "vjp": lambda x: vjp(torch.sin, x)[1](x)[0],
    "jvp": lambda x: jvp(torch.sin, (x,), (x,))[1],
}


# PyTorch scripts its forward-mode formulas when they are first asked for.
@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_transforms(same, call):
    same(lambda d: call(torch.arange(9.0, device=d).view(3, 3)))


def test_functional_call_with_other_weights(same):
    def program(d):
        layer = nn.Linear(3, 2)
        weights = {name: p.detach().to(d) * 2 for name, p in layer.named_parameters()}
        x = torch.ones(1, 3, device=d)
        return functional_call(layer, weights, (x,)), grad(lambda w: functional_call(layer, w, (x,)).sum())(weights)

    same(program)


def test_ensembles(same):
    def program(d):
        layers = [nn.Linear(3, 2).to(d) for _ in range(2)]
        weights, buffers = stack_module_state(layers)
        x = torch.ones(1, 3, device=d)
        return vmap(lambda w, b: functional_call(layers[0], (w, b), (x,)))(weights, buffers)

    same(program)


def test_a_stray_in_a_vmap_is_refused(mixed):
    with pytest.raises(RuntimeError, match=r"same device|MPS device"):
        vmap(lambda row: row + mixed.here(3))(mixed.there(2, 3))
