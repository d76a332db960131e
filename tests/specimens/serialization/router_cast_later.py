"""Half precision by the constructor; one layer is put back to full precision afterwards."""

import torch
from torch import nn

CULPRIT = "router"


class Mixed(nn.Module):
    router_dtype = torch.bfloat16

    def __init__(self):
        super().__init__()
        self.expert = nn.Linear(4, 4, dtype=torch.bfloat16)
        self.router = nn.Linear(4, 4, dtype=self.router_dtype)

    def train_a_little(self):
        self.router.float()
        with torch.no_grad():
            self.router.weight.add_(torch.randn(4, 4) * 1e-3)
        return self

    def forward(self, x):
        return self.router(x.to(self.router.weight.dtype)).float() * self.expert(x.bfloat16()).float()


class Mended(Mixed):
    router_dtype = torch.float32


def make():
    return Mixed().train_a_little()


def make_fixed():
    return Mended().train_a_little()


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
