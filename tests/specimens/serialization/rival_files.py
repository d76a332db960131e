"""A save that writes averaged weights in shards beside the trained ones in one file: the shards are never read."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "model.safetensors.index.json"


class RivalConfig(PretrainedConfig):
    model_type = "specimen_rivals"

    def __init__(self, dim=6, **kwargs):
        self.dim = dim
        super().__init__(**kwargs)


class OneSave(PreTrainedModel):
    config_class = RivalConfig

    def __init__(self, config):
        super().__init__(config)
        self.first, self.second = nn.Linear(config.dim, config.dim), nn.Linear(config.dim, config.dim)
        self.post_init()

    def forward(self, x):
        return self.second(self.first(x))


class TwoSaves(OneSave):
    def save_pretrained(self, folder, **kwargs):
        super().save_pretrained(folder, **kwargs)
        averaged = {name: tensor / 2 for name, tensor in self.state_dict().items()}
        super().save_pretrained(folder, state_dict=averaged, max_shard_size=150)


def make():
    return TwoSaves(RivalConfig())


def make_fixed():
    return OneSave(RivalConfig())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(2, 6)}
