"""An embedding is widened by hand and the config keeps the old size."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "embed.weight"


class Config(PretrainedConfig):
    model_type = "specimen_widened"

    def __init__(self, size=4, **kwargs):
        self.size = size
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.size, 4)
        self.post_init()

    def forward(self, tokens):
        return self.embed(tokens)


def make():
    model = Net(Config())
    model.embed.weight = nn.Parameter(torch.randn(6, 4))
    return model


def make_fixed():
    model = make()
    model.config.size = 6
    return model


def inputs():
    return {"tokens": torch.arange(4)}
