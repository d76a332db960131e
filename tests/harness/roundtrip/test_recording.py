import sys

import torch
from torch import nn
from transformers import PretrainedConfig

from samedevice.harness.roundtrip.rebuilding import replay
from samedevice.harness.roundtrip.recording import recording


class Inner(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)


class Outer(nn.Module):
    def __init__(self, inner, *more, scale=1.0, **rest):
        super().__init__()
        self.inner, self.more, self.scale, self.rest = inner, more, scale, rest
        self.head = nn.Linear(2, 2)

    def grow(self):
        self.extra = nn.Linear(2, 2)


def test_arguments_are_kept_by_name_and_nested_modules_are_not_outermost():
    with recording() as recorded:
        model = Outer(Inner(3), 1, 2, scale=4.0, tag=["x"])
    construction = recorded.of(model)
    assert construction.outermost
    assert {name: construction.given[name] for name in ("*0", "*1", "scale", "tag")} == {
        "*0": 1,
        "*1": 2,
        "scale": 4.0,
        "tag": ["x"],
    }
    assert recorded.of(model.inner).given == {"width": 3}
    assert recorded.of(model.head).outermost is False
    assert recorded.of(nn.Linear(1, 1)) is None


def test_arguments_are_copied_before_the_constructor_changes_them():
    class Emptying(nn.Module):
        def __init__(self, options):
            super().__init__()
            self.size = options.pop("size")

    with recording() as recorded:
        model = Emptying({"size": 3})
    assert recorded.of(model).given == {"options": {"size": 3}}
    assert replay(model, recorded)().size == 3


def test_what_a_method_made_is_told_from_what_the_caller_made():
    def put_in(model):
        model.other = nn.Linear(2, 2)

    with recording() as recorded:
        model = Outer(Inner(3))
        model.grow()
        put_in(model)
    assert recorded.of(model.extra).grown
    assert not recorded.of(model.other).grown


def test_a_config_counts_even_if_transformers_comes_later():
    class Config(PretrainedConfig):
        def __init__(self, width=2, **kwargs):
            self.width = width
            super().__init__(**kwargs)

    with recording() as recorded:
        config = Config(width=5)
    assert recorded.of(config).given == {"width": 5}


def test_the_profiler_that_was_there_is_put_back_after_an_error():
    def profile(*_):
        pass

    sys.setprofile(profile)
    try:
        try:
            with recording():
                raise KeyError
        except KeyError:
            assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)


def test_a_replay_makes_the_arguments_again_too_and_repeats_no_surgery():
    with recording() as recorded:
        model = Outer(Inner(3), scale=2.0)
        model.grow()
        model.scale = 9.0
    again = replay(model, recorded)()
    assert (again.scale, hasattr(again, "extra")) == (2.0, False)
    assert again.inner is not model.inner
    assert not torch.equal(again.inner.linear.weight, model.inner.linear.weight)


def test_a_model_that_was_cast_as_a_whole_is_cast_again_and_one_cast_in_part_is_not():
    with recording() as recorded:
        whole, part = Outer(Inner(3)), Outer(Inner(3))
        whole.double()
        part.head.double()
    assert replay(whole, recorded)().head.weight.dtype is torch.float64
    assert replay(part, recorded)().head.weight.dtype is torch.float32


def test_what_was_not_seen_cannot_be_replayed():
    with recording() as recorded:
        pass
    assert replay(Inner(2), recorded) is None
