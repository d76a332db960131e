"""A non-persistent table of positions that nobody fills after `from_pretrained`."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "table"


class Config(PretrainedConfig):
    model_type = "specimen_position_table"


class Positioned(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.register_buffer("table", torch.arange(8.0), persistent=False)
        self.post_init()

    def forward(self, x):
        return self.linear(x) + self.table[: x.shape[0], None]


class Mended(Positioned):
    def _init_weights(self, module):
        super()._init_weights(module)
        if isinstance(module, Positioned):
            nn.init.zeros_(module.table)
            with torch.no_grad():
                module.table.copy_(torch.arange(8.0))


def make():
    return Positioned(Config())


def make_fixed():
    return Mended(Config())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
