"""A parameter that `_init_weights` draws again after the file was read, since its module looks unread."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "prior.logits"


class Config(PretrainedConfig):
    model_type = "specimen_drawn_again"


class Prior(nn.Module):
    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(4))
        self.register_buffer("seen", torch.zeros(4), persistent=False)

    def forward(self, x):
        return x + self.logits


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.prior = Prior()
        self.post_init()

    def _init_weights(self, module):
        if isinstance(module, Prior):
            self.draw(module)

    def draw(self, module):
        module.logits.data.zero_()
        module.seen.data.zero_()

    def forward(self, x):
        return self.prior(x)


class Mended(Net):
    def draw(self, module):
        nn.init.zeros_(module.logits)
        nn.init.zeros_(module.seen)


def make():
    return Net(Config())


def make_fixed():
    return Mended(Config())


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
