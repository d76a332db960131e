"""A head that was added later is saved, and an ignore pattern hides that nobody reads it."""

from typing import ClassVar

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "extra"


class Config(PretrainedConfig):
    model_type = "specimen_ignored_head"

    def __init__(self, extra=False, **kwargs):
        self.extra = extra
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config
    _keys_to_ignore_on_load_unexpected: ClassVar = [r"extra\."]

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        if config.extra:
            self.extra = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        return self.extra(self.linear(x)) if hasattr(self, "extra") else self.linear(x)


def make():
    model = Net(Config())
    model.extra = nn.Linear(4, 4)
    return model


class Mended(Net):
    _keys_to_ignore_on_load_unexpected: ClassVar = []


def make_fixed():
    return Mended(Config(extra=True))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
