import os
from functools import partial

import pytest
import torch
from torch import nn

from samedevice.harness.errors import NotChecked
from samedevice.harness.parity.telling import told, told_elsewhere
from samedevice.harness.roundtrip.running import difference
from samedevice.harness.target import Target

LINEAR = partial(nn.Linear, 2, 2)


def target(build=LINEAR):
    return Target(name="linear", build=build, inputs=partial(torch.ones, 1, 2))


def test_the_same_seeds_build_the_same_in_another_process():
    here, there = told(target()), told_elsewhere(target(), 1)
    assert (here.state, here.inputs) == (there.state, there.inputs)
    assert difference(here.answer, there.answer) is None


def test_what_has_no_address_is_not_sent():
    with pytest.raises(NotChecked, match="the target has no address"):
        told_elsewhere(target(build=lambda: nn.Linear(2, 2)), 1)


def test_a_process_that_ends_is_not_an_answer():
    with pytest.raises(NotChecked, match=r"another process did not answer: .* exit status 3"):
        told_elsewhere(target(build=partial(os._exit, 3)), 1)


def test_a_target_that_cannot_be_built_there():
    with pytest.raises(NotChecked, match="another process cannot build the target: TypeError"):
        told_elsewhere(target(build=partial(nn.Linear, "two")), 1)
