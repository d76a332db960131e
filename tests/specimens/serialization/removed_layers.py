"""Layers were taken out of the model and the config was not told."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "layers.1"


class Config(PretrainedConfig):
    model_type = "specimen_removed_layers"

    def __init__(self, depth=3, **kwargs):
        self.depth = depth
        super().__init__(**kwargs)


class Deep(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList(nn.Linear(4, 4) for _ in range(config.depth))
        self.post_init()

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).tanh()
        return x


def make():
    model = Deep(Config())
    del model.layers[1:]
    return model


def make_fixed():
    model = Deep(Config())
    del model.layers[1:]
    model.config.depth = 1
    return model


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
