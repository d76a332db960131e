"""The config overwrites what it is given by a constant."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "scale"


class Config(PretrainedConfig):
    model_type = "specimen_forgetting"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = 1.0


class Remembering(PretrainedConfig):
    model_type = "specimen_remembering"

    def __init__(self, scale=1.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        return self.linear(x) * self.config.scale


class Mended(Net):
    config_class = Remembering


def scaled(config):
    config.scale = 2.0
    return config


def make():
    return Net(scaled(Config()))


def make_fixed():
    return Mended(scaled(Remembering()))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
