"""CPU 0-dim tensors and Python numbers join device tensors wherever TensorIterator computes."""

import pytest
import torch
import torch.nn.functional as F

SCALAR = torch.tensor(2.0)
JOINS = {
    "mul": lambda x: x * SCALAR,
    "reversed": lambda x: SCALAR / (x + 1),
    "in place": lambda x: x.add_(SCALAR),
    "compare": lambda x: x > SCALAR,
    "pow": lambda x: x**SCALAR,
    "number to tensor power": lambda x: 2**x,
    "where": lambda x: torch.where(x > 1, x, SCALAR),
    "where with numbers": lambda x: torch.where(x > 1, 1.0, 0.0),
    "where double": lambda x: torch.where(x > 1, x, torch.tensor(0.0, dtype=torch.float64)),
    "masked_fill": lambda x: x.masked_fill(x > 1, SCALAR),
    "maximum": lambda x: torch.maximum(x, SCALAR),
    "lerp weight": lambda x: torch.lerp(x, x + 1, 0.5),
    "addcmul": lambda x: torch.addcmul(x, x, SCALAR),
    "isclose": lambda x: torch.isclose(x, SCALAR),
    "allclose": lambda x: torch.allclose(x, SCALAR),
    "clamp numbers": lambda x: x.clamp(0, 1),
    "multiply alias": lambda x: torch.multiply(x, SCALAR),
    "subtract alias": lambda x: torch.subtract(SCALAR, x),
    "pos_weight": lambda x: F.binary_cross_entropy_with_logits(x, x, pos_weight=SCALAR),
    "mse with a scalar": lambda x: (x - SCALAR).pow(2).mean(),
    "foreach": lambda x: torch._foreach_mul([x, x], SCALAR.item()),
    "foreach with a tensor": lambda x: torch._foreach_mul([x, x], SCALAR),
    "foreach CPU scalars": lambda x: torch._foreach_add([x], [SCALAR]),
    "numpy scalar": lambda x: x * __import__("numpy").float32(2),
    "repeat by an item": lambda x: x.repeat(int(x.max().item())),
    "full of a scalar": lambda x: torch.full((2,), 3.0, device=x.device) * SCALAR,
    "both 0-dim": lambda x: x.sum() * SCALAR,
    "0-dim comparison": lambda x: bool(x.sum() > SCALAR),
}


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_joining(same, join):
    same(lambda d: join(torch.arange(4.0, device=d)))


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_joining_in_inference_mode(same, join):
    def program(d):
        with torch.inference_mode():
            return join(torch.arange(4.0, device=d))

    same(program)
