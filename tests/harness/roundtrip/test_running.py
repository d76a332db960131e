import itertools
import random
from collections import deque

import numpy as np
import torch
from torch import nn
from transformers.modeling_outputs import BaseModelOutput

from samedevice.harness.roundtrip.running import Answer, answer, difference, is_one_way, is_rounding, leaves


class Restless(nn.Module):
    """Changes everything that it holds at every call."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("learned", torch.zeros(2, requires_grad=True))
        self.dropout = nn.Dropout(0.5)
        self.calls, self.log, self.cache = 0, [], {}
        self.queue, self.generator = deque(maxlen=2), torch.Generator().manual_seed(3)
        self.turns, self.lines = itertools.cycle(zip([0.5, 2.0, 3.0], itertools.count())), (line for line in "abc")
        self.noises = np.random.default_rng(0), random.Random(0)
        self.rng, self.random = self.noises

    def forward(self, x):
        self.calls += 1
        self.log.append(self.calls)
        self.queue.append(x)
        self.cache[self.calls] = x
        self.mean += x.mean()
        self.learned += x.mean()
        self.late = x
        noise = torch.randn(2, generator=self.generator) + torch.randn(2) + random.random() + np.random.rand()
        noise = noise + sum(next(self.turns)) + self.rng.random() + self.random.random()
        return self.dropout(x + self.mean + self.learned + noise)


def test_a_call_leaves_no_trace_and_answers_the_same_again():
    model = Restless().train()
    before = random.getstate(), torch.get_rng_state()
    first, second = (answer(model, {"x": torch.ones(2)}) for _ in range(2))
    assert first.equals(second)
    assert (model.calls, model.log, model.cache, list(model.queue), model.training) == (0, [], {}, [], True)
    assert not hasattr(model, "late")
    assert next(model.turns) == (0.5, 0)
    assert model.noises == (model.rng, model.random)
    assert torch.equal(model.mean, torch.zeros(2))
    assert torch.equal(model.learned, torch.zeros(2))
    assert (random.getstate(), torch.get_rng_state().tolist()) == (before[0], before[1].tolist())


class Learning(nn.Module):
    """Trains itself at every call: one weight in place, one by other data."""

    def __init__(self):
        super().__init__()
        self.inner, self.fast = nn.Linear(2, 2), nn.Parameter(torch.zeros(2))
        self.spare = torch.ones(2)

    def forward(self, x):
        self.inner.weight.add_(1.0)
        self.fast.data = self.spare
        return self.inner(x) + self.fast


def test_a_call_that_trains_leaves_the_weights_as_they_were():
    model = Learning()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    first, second = (answer(model, {"x": torch.ones(2)}) for _ in range(2))
    assert first.equals(second)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(model.spare, torch.ones(2))
    model.fast.data.add_(1.0)
    assert torch.equal(model.spare, torch.ones(2))


def test_inputs_with_a_history_are_lent():
    x = torch.ones(1, 2, requires_grad=True) * 2
    assert answer(nn.Linear(2, 2), (x,)).error is None


def test_an_error_is_an_answer():
    failed = answer(nn.Linear(2, 2), (torch.ones(3),))
    assert failed.error.startswith("RuntimeError: ")
    assert failed.equals(answer(nn.Linear(2, 2), (torch.ones(3),)))
    assert "it raised RuntimeError" in difference(Answer(), failed)


def test_leaves_are_found_by_path():
    value = BaseModelOutput(last_hidden_state=torch.ones(1), hidden_states=(torch.zeros(1), 3))
    assert [path for path, _ in leaves(value)] == [
        "output['last_hidden_state']",
        "output['hidden_states'][0]",
        "output['hidden_states'][1]",
    ]


def test_a_difference_says_how_many_how_much_and_where():
    one, other = torch.zeros(2, 3), torch.zeros(2, 3)
    other[1, 2], other[0, 1] = 0.5, 0.25
    text = difference(Answer(leaves=(("output", one),)), Answer(leaves=(("output", other),)))
    assert text == "2 of 6 numbers of output differ, by up to 0.5 at index [1, 2]"


def test_nan_equals_nan_and_one_beside_a_number_does_not():
    nan = Answer(leaves=(("output", torch.tensor([float("nan")])),))
    assert difference(nan, Answer(leaves=(("output", torch.tensor([float("nan")])),))) is None
    assert "1 of 1 numbers" in difference(nan, Answer(leaves=(("output", torch.tensor([1.0])),)))


def test_other_shapes_texts_and_leaves_are_said():
    def of(*pairs):
        return Answer(leaves=pairs)

    assert difference(of(("a", torch.ones(2))), of(("a", torch.ones(3)))).startswith("a is torch.float32 [3]")
    assert difference(of(("a", "x")), of(("a", "y"))) == "a is 'y', before 'x'"
    assert difference(of(("a", 1)), of(("b", 1))) == "it returned b, before a"


def test_rounding_is_a_few_units_in_the_last_place():
    def of(value):
        return Answer(leaves=(("output", torch.tensor([1.0, value])),))

    assert is_rounding(of(1.0), of(1.0 + 1e-6))
    assert not is_rounding(of(1.0), of(1.0 + 1e-4))
    assert not is_rounding(of(1.0), Answer(error="x"))


class Own:
    """What somebody's model returns."""

    def __init__(self, logits, **more):
        self.logits = logits
        vars(self).update(more)


def test_an_output_of_any_class_is_looked_into_and_an_object_in_it_is_not():
    value = Own(torch.ones(1), steps=[torch.zeros(2)], number=3, cache=Own(torch.ones(2)))
    assert [path for path, _ in leaves(value)] == ["output.logits", "output.steps[0]"]
    assert list(leaves([Own(torch.ones(1))])) == []
    assert "numbers of output.logits differ" in difference(
        *(Answer(leaves=tuple(leaves(Own(logits)))) for logits in (torch.ones(1), torch.zeros(1)))
    )


def test_what_can_be_set_back_goes_both_ways():
    assert is_one_way(line for line in "abc")
    assert not any(map(is_one_way, (iter("abc"), itertools.count(), map(str, [1]), [1], torch.Generator())))
