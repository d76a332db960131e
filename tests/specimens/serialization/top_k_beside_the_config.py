"""The number of active experts is changed on the module, and not in its config."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "top_k"


class Config(PretrainedConfig):
    model_type = "specimen_top_k"

    def __init__(self, active=1, **kwargs):
        self.active = active
        super().__init__(**kwargs)


class Routed(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.gate, self.table = nn.Linear(4, 3), nn.Embedding(3, 4)
        self.top_k = config.active
        self.post_init()

    def forward(self, x):
        score, index = self.gate(x).topk(self.top_k)
        return (score.softmax(-1).unsqueeze(-1) * self.table(index)).sum(-2)


def make():
    model = Routed(Config())
    model.top_k = 2
    return model


def make_fixed():
    return Routed(Config(active=2))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
