"""A table of positions that is kept out of the file: made again it is as it was, and learned it is lost."""

from typing import ClassVar

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "table"


class Config(PretrainedConfig):
    model_type = "specimen_left_out"


class Net(PreTrainedModel):
    config_class = Config
    _keys_to_ignore_on_save: ClassVar = ["table"]
    _keys_to_ignore_on_load_missing: ClassVar = ["table"]

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.register_buffer("table", torch.arange(4.0))
        self.post_init()

    def _init_weights(self, module):
        super()._init_weights(module)
        if isinstance(module, Net):
            module.table.copy_(torch.arange(4.0))

    def forward(self, x):
        return self.linear(x) + self.table


def make():
    model = Net(Config())
    model.table.add_(1.0)
    return model


def make_fixed():
    return Net(Config())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
