"""A tie that transformers was not told of: `save_pretrained` refuses."""

from typing import ClassVar

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "decoder.weight"


class Config(PretrainedConfig):
    model_type = "specimen_shared"


class Net(PreTrainedModel):
    config_class = Config

    def __init__(self, config):
        super().__init__(config)
        self.encoder, self.decoder = nn.Linear(4, 4), nn.Linear(4, 4)
        self.decoder.weight = self.encoder.weight
        self.post_init()

    def forward(self, x):
        return self.decoder(self.encoder(x))


class Mended(Net):
    _tied_weights_keys: ClassVar = {"decoder.weight": "encoder.weight"}

    def get_input_embeddings(self):
        return self.encoder


def make():
    return Net(Config())


def make_fixed():
    return Mended(Config(tie_word_embeddings=True))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
