"""A member of an enum comes back as its value, and `is` finds nobody."""

from enum import StrEnum

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "mode"


class Mode(StrEnum):
    SOFT = "soft"
    HARD = "hard"


class Config(PretrainedConfig):
    model_type = "specimen_enum"

    def __init__(self, mode="soft", **kwargs):
        self.mode = mode
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        return self.linear(x).sign() if self.config.mode is Mode.HARD else self.linear(x)


class Mended(Net):
    def forward(self, x):
        return self.linear(x).sign() if self.config.mode == Mode.HARD else self.linear(x)


def make():
    return Net(Config(mode=Mode.HARD))


def make_fixed():
    return Mended(Config(mode=Mode.HARD))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
