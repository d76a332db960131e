import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.harness.roundtrip.duplicates import untied
from samedevice.harness.roundtrip.ties import ties

PAIR = [("embed.weight", "head.weight")]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)
        self.head.weight = self.embed.weight


class Renewing(Tied):
    def _apply(self, fn, recurse=True):
        for module in (self.embed, self.head):
            module.weight = nn.Parameter(fn(module.weight.detach()).clone())
        return self


class Refusing(Tied):
    def __deepcopy__(self, memo):
        raise TypeError("no copies")


class OneModuleTwice(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2)
        self.second = self.first


def asked(model):
    return list(untied(model, ties(model)).values())


def test_pytorch_keeps_a_tie_in_a_copy_and_a_cast_and_parts_it_by_assignment():
    assert asked(Tied()) == [[], [], PAIR]


def test_a_cast_that_renews_parameters_parts_the_tie():
    assert asked(Renewing()) == [[], PAIR, []]


def test_a_model_without_ties_and_one_that_cannot_be_copied_are_not_asked():
    assert asked(nn.Linear(2, 2)) == [[], [], []]
    assert asked(Refusing()) == [[], [], []]


def test_a_module_under_two_names_stays_one_module():
    assert asked(OneModuleTwice()) == [[], [], []]


def test_transformers_ties_again():
    assert asked(GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=2, n_embd=8, vocab_size=16))) == [[], [], []]


def test_parameters_that_are_views_of_one_memory_are_not_one_parameter():
    model = Tied()
    model.head.weight = nn.Parameter(model.embed.weight.detach().view(6, 4))
    found = ties(model)
    assert found.joins(*PAIR[0])
    assert not found.unites(*PAIR[0])
    assert found.united() == []
    assert asked(model) == [[], [], []]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_model_itself_is_not_cast(dtype):
    model = Renewing().to(dtype)
    model.head.weight = model.embed.weight
    assert untied(model, ties(model))["cast"] == PAIR
    assert model.embed.weight.dtype is dtype
