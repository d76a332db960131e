import pickle
from functools import partial

import pytest
import torch

from samedevice.harness import engine, loading
from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.harness.suppressing.met import Noted
from samedevice.harness.target import Target

TEXT = """
from torch import nn

class Inner(nn.Module):
    scale = 1  # samedevice: ignore[SD103] -- inner

class Above(nn.Module):
    pass  # samedevice: ignore[SD103] -- above

class Net(Above):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

class Unused(nn.Module):
    pass  # samedevice: ignore[SD103] -- unused
"""


def builds(target, device):
    target.build()
    target.build()
    yield from ()


BUILDS = Check(name="c", title="", question="", run=builds)


@pytest.fixture
def target(tmp_path):
    (tmp_path / "net.py").write_text(TEXT)
    return loading.target(f"{tmp_path / 'net.py'}:Net")


def test_a_result_knows_the_suppressions_of_the_classes_that_were_built(target):
    (result,) = engine.run([Cell(target=target, device=Device(kind="cpu"), check=BUILDS)])
    assert sorted(comment.reason for comment in result.met) == ["above", "inner"]


def test_it_pickles_as_the_recipe_alone():
    noted = Noted(partial(torch.nn.Linear, 2, 3))
    assert noted().out_features == 3
    again = pickle.loads(pickle.dumps(noted))
    assert (type(again), again().out_features) == (partial, 3)


def test_what_is_no_module_is_handed_on():
    assert Noted(lambda: 1)() == 1


def test_a_recipe_that_fails_below_python_is_not_our_defect():
    cell = Cell(target=Target(name="t", build=partial(int, "x")), device=Device(kind="cpu"), check=BUILDS)
    (result,) = engine.run([cell])
    assert result.reason.startswith("ValueError: invalid literal")
