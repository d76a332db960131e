"""A head that was trained beside the adapters is saved only if they are told."""

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

CULPRIT = "head"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(4, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.body(x).tanh())


def adapted(**options):
    model = get_peft_model(Net(), LoraConfig(target_modules=["body"], r=2, init_lora_weights=False, **options))
    for name, parameter in model.named_parameters():
        if ".head." in name and "original" not in name:
            parameter.requires_grad_(True)
    return model


def make():
    return adapted()


def make_fixed():
    return adapted(modules_to_save=["head"])


def inputs():
    return (torch.linspace(-1, 1, 12).reshape(3, 4),)
