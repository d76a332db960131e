import pytest
import torch
from torch import nn
from transformers import AutoConfig

from samedevice.harness.virtual import virtual
from samedevice.harness.virtual.ledger import Ledger
from samedevice.suites.attempt import attempt


def test_a_value_comes_back_with_its_time():
    tried = attempt(nn.Identity(), lambda: 3)
    assert (tried.value, tried.error, tried.refused, tried.message, tried.place) == (3, None, (), "", None)
    assert tried.seconds >= 0


def test_an_error_is_kept_with_the_line_that_raised_it():
    tried = attempt(nn.Identity(), lambda: [].pop())
    assert tried.value is None
    assert tried.message == "IndexError: pop from empty list"
    assert tried.place.file == __file__
    assert tried.place.line == test_an_error_is_kept_with_the_line_that_raised_it.__code__.co_firstlineno + 1


def test_an_error_inside_torch_is_placed_at_the_line_that_called_it():
    tried = attempt(nn.Identity(), lambda: nn.functional.linear(torch.ones(2), torch.ones(3, 3)))
    assert tried.message.startswith("RuntimeError")
    assert tried.place.file == __file__


def test_what_is_no_verdict_on_a_model_passes_on():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(nn.Identity(), stop)


def test_what_the_device_refuses_is_a_finding_each_time():
    model = nn.Linear(2, 2)
    with virtual("cuda", home="cuda:0", ledger=Ledger()):
        model.to("cuda")
        tries = [attempt(model, lambda: model(torch.ones(1, 2))) for _ in range(2)]
    assert [tried.error for tried in tries] == [None, None]
    assert [[finding.code for finding in tried.refused] for tried in tries] == [["SD201"], ["SD201"]]


def test_an_error_after_a_refusal_is_not_the_cause():
    model = nn.Linear(2, 2)

    def act():
        model(torch.ones(1, 2))
        return {}["unreached on hardware"]

    with virtual("cuda", home="cuda:0", ledger=Ledger()):
        model.to("cuda")
        tried = attempt(model, act)
    assert (tried.value, tried.error) == (None, None)
    assert [finding.code for finding in tried.refused] == ["SD201"]


class Strict(nn.Module):
    """Fails in a library that it calls."""

    def forward(self, text):
        return AutoConfig.for_model(text)  # the author's


def test_an_error_in_a_library_has_the_line_of_the_author_too():
    model = Strict()
    tried = attempt(model, lambda: model("no such type"))
    assert "transformers" in tried.place.file
    assert tried.own_place.file == __file__
    assert tried.own_place.line == Strict.forward.__code__.co_firstlineno + 1


def test_an_error_of_the_author_has_one_line():
    tried = attempt(nn.Identity(), lambda: [].pop())
    assert tried.own_place is None
    assert attempt(nn.Identity(), lambda: 3).own_place is None


def test_what_the_check_itself_hands_to_a_library_is_not_the_authors():
    tried = attempt(nn.Identity(), lambda: AutoConfig.for_model("no such type"))
    assert (tried.own_place, "transformers" in tried.place.file) == (None, True)
