import importlib
import inspect

import pytest
import torch
from torch import nn

from samedevice.harness.roundtrip.sources import assigned, salted


class Holder(nn.Module):
    def __init__(self):
        super().__init__()
        self.count, self.size = 0, 1
        self.register_buffer("table", torch.ones(1))
        self.names: list = []

    def bucket(self, word):
        return hash(word)

    def other(self, word):
        return word.__hash__()


class Heir(Holder):
    pass


def line_of(text):
    lines, start = inspect.getsourcelines(Holder)
    return next(start + index for index, line in enumerate(lines) if text in line)


@pytest.mark.parametrize(
    ("name", "text"), [("size", "self.count, self.size"), ("table", '"table"'), ("names", "self.names")]
)
def test_the_line_that_assigns_is_found_in_the_class_and_its_ancestors(name, text):
    for model in (Holder(), Heir()):
        found = assigned(model, name)
        assert (found.file, found.line) == (__file__, line_of(text))


def test_what_nobody_assigns_and_what_a_library_assigns_has_no_line():
    assert assigned(Holder(), "nothing") is None
    assert assigned(nn.Linear(1, 1), "in_features") is None


def test_a_hash_comes_before_a_set():
    first = salted(Holder())[0]
    assert (first.file, first.line) == (__file__, line_of("hash(word)"))
    assert salted(Holder())[1].line == line_of("word.__hash__()")
    assert salted(nn.Linear(1, 1)) == ()


@pytest.mark.parametrize(
    ("line", "is_salted"),
    [
        ("assert pool in {'cls', 'mean'}", False),
        ("assert pool not in set(words)", False),
        ("assert {'cls'} == {word for word in words}", False),
        ("first = sorted({'cls', 'mean'})", False),
        ("count = len(set(words))", False),
        ("sizes = {1, 2.5, 3}", False),
        ("kinds = {'cls', 'mean'}", True),
        ("mixed = {1, 'mean'}", True),
        ("nothing = {None}", True),
        ("first = list(set(words))", True),
        ("first = [word for word in {'cls', 'mean'}]", True),
        ("first = sorted({'cls', 'mean'}, key=len)", True),
        ("first = next(iter({word for word in words}))", True),
        ("assert hash(pool) == 3", True),
        ("assert id(pool) in known", True),
        ("first = sorted([hash('cls')])", True),
    ],
)
def test_a_set_that_is_only_searched_or_counted_has_no_order(tmp_path, monkeypatch, line, is_salted):
    monkeypatch.syspath_prepend(tmp_path)
    name = tmp_path.name
    source = f"from torch import nn\n\nclass Net(nn.Module):\n    def pick(self, pool, words, known):\n        {line}\n"
    (tmp_path / f"{name}.py").write_text(source)
    found = salted(importlib.import_module(name).Net())
    assert [place.line for place in found] == [5] * is_salted
