import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.harness.result import Status
from samedevice.suites.parity.parity import PARITY


class Block(nn.Module):
    def __init__(self, rounds=False):
        super().__init__()
        self.linear, self.rounds = nn.Linear(4, 4), rounds

    def forward(self, x):
        hidden = self.linear(x)
        if self.rounds and hidden.is_cuda:  # born
            hidden = hidden.half().float()
        return hidden


class Stack(nn.Module):
    """Three blocks, of which the second may round on CUDA."""

    def __init__(self, rounds=False):
        super().__init__()
        self.first, self.second, self.third = Block(), Block(rounds), Block()

    def forward(self, x):
        return self.third(self.second(self.first(x)))


def line_of(cls, ending):
    import inspect

    source, start = inspect.getsourcelines(cls)
    return next(number for number, text in enumerate(source, start) if text.rstrip().endswith(ending))


def test_the_first_module_that_differs_is_named(findings):
    (found,) = findings(PARITY, lambda: Stack(rounds=True), "cuda")
    assert (found.code, found.subject) == ("SD401", "second")
    assert found.origin.line == line_of(Block, "# born")
    assert "virtual: the CPU computed both" in found.message


def test_where_nothing_depends_on_the_device_nothing_is_found(findings):
    assert findings(PARITY, Stack, "cuda") == []
    assert findings(PARITY, lambda: Stack(rounds=True), "mps") == []


class Weighted(nn.Module):
    """The gradient is doubled on CUDA, and the output is what it was."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x):
        hidden = self.linear(x)
        return hidden * 2 - hidden.detach() if x.is_cuda else hidden


def test_gradients_are_compared(findings):
    (found,) = findings(PARITY, Weighted, "cuda")
    assert found.subject == "linear.weight.grad"
    assert "the outputs agree and the gradients do not" in found.message


class Lax(nn.Module):
    """Another order of the same sum on CUDA: rounding, and nothing else."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(-1, 1, 4096))

    def forward(self, x):
        terms = self.weight * x.sum()
        return terms.flip(0).cumsum(0)[-1] if x.is_cuda else terms.sum()


def test_rounding_is_no_difference(findings):
    assert findings(PARITY, Lax, "cuda") == []


class Drawing(nn.Module):
    def __init__(self, twice=False):
        super().__init__()
        self.linear, self.twice = nn.Linear(4, 4), twice

    def forward(self, x):
        if self.twice and x.is_cuda:
            torch.rand(1)
        return self.linear(x) + torch.randn(4).to(x.device)


def test_what_is_drawn_is_not_compared(cell, findings):
    assert findings(PARITY, Drawing, "cuda") == []
    result = cell(PARITY, lambda: Drawing(twice=True), "cuda")
    assert (result.status, result.findings) == (Status.NOT_CHECKED, ())
    assert "draws random numbers (torch)" in result.reason


class Stray(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.shift = nn.Parameter(torch.ones(4)), torch.ones(4)

    def forward(self, x):
        return x * self.weight + self.shift


def test_mixed_devices_are_left_to_forward(cell):
    result = cell(PARITY, Stray, "cuda")
    assert result.status is Status.NOT_CHECKED
    assert "cuda:0 refuses the model: `shift`" in result.reason


def test_the_cpu_alone_has_nothing_to_compare_where_no_row_is_known(cell):
    result = cell(PARITY, Stack)
    assert result.status is Status.NOT_CHECKED
    assert "nothing to compare on the CPU" in result.reason


class Forgetful(GPT2LMHeadModel):
    """Generation on CUDA repeats the first token."""

    def generate(self, input_ids, **options):
        out = super().generate(input_ids, **options)
        return out[:, :1].expand_as(out) if input_ids.is_cuda else out


def language_model(cls=GPT2LMHeadModel):
    torch.manual_seed(0)
    sizes = {"n_layer": 1, "n_embd": 16, "n_head": 2, "vocab_size": 32, "n_positions": 32, "initializer_range": 0.5}
    return cls(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0, pad_token_id=0)).eval()


def tokens():
    ids = torch.arange(2, 18).view(2, 8)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def test_tokens_are_compared(findings):
    (found,) = findings(PARITY, lambda: language_model(Forgetful), "cuda", tokens)
    assert found.subject == "generate"
    assert findings(PARITY, language_model, "cuda", tokens) == []


@pytest.mark.parametrize("on", ["cpu", "cuda", "mps"])
def test_a_language_model_is_clean(findings, on):
    assert findings(PARITY, language_model, on, tokens) == []
