"""A plain tensor of the constructor stays on the meta device."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "slopes"


class Config(PretrainedConfig):
    model_type = "specimen_left_on_meta"


class Biased(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.slopes = self.keep(4)
        self.post_init()

    def keep(self, n):
        return 2.0 ** -torch.arange(n)

    def forward(self, x):
        return self.linear(x) * torch.as_tensor(self.slopes)


class Mended(Biased):
    def keep(self, n):
        return [2.0**-i for i in range(n)]


def make():
    return Biased(Config())


def make_fixed():
    return Mended(Config())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
