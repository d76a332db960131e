"""The constructor adds a shared expert to the number in the config, and adds it again with each load."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "config.experts"


class Config(PretrainedConfig):
    model_type = "specimen_counts_up"

    def __init__(self, experts=3, **kwargs):
        self.experts = experts
        super().__init__(**kwargs)


class Model(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.gate = nn.Linear(4, self.count(config))
        self.post_init()

    def count(self, config):
        config.experts += 1
        return config.experts

    def forward(self, x):
        return self.gate(x).softmax(-1)


class Mended(Model):
    def count(self, config):
        return config.experts + 1


def make():
    return Model(Config())


def make_fixed():
    return Mended(Config())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
