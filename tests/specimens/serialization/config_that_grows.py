"""A width that is multiplied each time the config is built."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "width"


class Config(PretrainedConfig):
    model_type = "specimen_growing"

    def __init__(self, width=4, factor=2, **kwargs):
        self.width, self.factor = width * factor, factor
        super().__init__(**kwargs)


class Stable(PretrainedConfig):
    model_type = "specimen_stable"

    def __init__(self, width=8, factor=2, **kwargs):
        self.width, self.factor = width, factor
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        return self.linear(x)


class Mended(Net):
    config_class = Stable


def make():
    return Net(Config())


def make_fixed():
    return Mended(Stable())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
