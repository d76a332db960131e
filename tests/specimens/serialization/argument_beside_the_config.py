"""An argument of the model that is not in its config."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "sharpness"


class Config(PretrainedConfig):
    model_type = "specimen_argument"

    def __init__(self, sharpness=1.0, **kwargs):
        self.sharpness = sharpness
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config, sharpness=None):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.sharpness = config.sharpness if sharpness is None else sharpness
        self.post_init()

    def forward(self, x):
        return self.linear(x) / self.sharpness


def make():
    return Net(Config(), sharpness=4.0)


def make_fixed():
    return Net(Config(sharpness=4.0))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
