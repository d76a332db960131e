"""A dtype in the config, which JSON cannot hold."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "router_dtype"


class Config(PretrainedConfig):
    model_type = "specimen_dtype"

    def __init__(self, router_dtype="float32", **kwargs):
        self.router_dtype = router_dtype
        super().__init__(**kwargs)


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.linear = nn.Linear(4, 4)
        self.post_init()

    def forward(self, x):
        wanted = self.config.router_dtype
        return self.linear(x).to(getattr(torch, wanted) if isinstance(wanted, str) else wanted)


def make():
    return Net(Config(router_dtype=torch.float64))


def make_fixed():
    return Net(Config(router_dtype="float64"))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
