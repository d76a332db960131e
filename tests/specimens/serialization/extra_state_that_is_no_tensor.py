"""Extra state that is no tensor, in a model of transformers, whose files hold tensors alone."""

import torch
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

CULPRIT = "schedule._extra_state"


class Config(PretrainedConfig):
    model_type = "specimen_extra_state"


class Schedule(nn.Module):
    def __init__(self):
        super().__init__()
        self.begin()

    def begin(self):
        self.step = 0

    def get_extra_state(self):
        return {"step": self.step}

    def set_extra_state(self, state):
        self.step = state["step"]


class Counted(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("step", torch.zeros((), dtype=torch.int64))


class Model(PreTrainedModel):
    config_class = Config
    schedule_class = Schedule

    def __init__(self, config):
        super().__init__(config)
        self.linear, self.schedule = nn.Linear(4, 4), self.schedule_class()
        self.post_init()

    def forward(self, x):
        return self.linear(x) * 0.9**self.schedule.step


class Mended(Model):
    schedule_class = Counted


def trained(model):
    model.schedule.step += 3
    return model


def make():
    return trained(Model(Config()))


def make_fixed():
    return trained(Mended(Config()))


def inputs():
    return {"x": torch.linspace(-1, 1, 12).reshape(3, 4)}
