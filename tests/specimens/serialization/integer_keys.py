"""Keys of a dict in the config are texts after a load, and a default is taken."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "widths"


class Config(PretrainedConfig):
    model_type = "specimen_integer_keys"

    def __init__(self, widths=None, **kwargs):
        self.widths = widths or {}
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        return self.linear(x) * self.config.widths.get(0, 1.0)


class Mended(Net):
    def forward(self, x):
        return self.linear(x) * {int(key): value for key, value in self.config.widths.items()}.get(0, 1.0)


def make():
    return Net(Config(widths={0: 3.0}))


def make_fixed():
    return Mended(Config(widths={0: 3.0}))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
