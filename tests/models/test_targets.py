import pickle

import pytest
import torch

from samedevice.harness.target import Target
from samedevice.models import targets
from samedevice.models.backbones import BACKBONES
from samedevice.models.encodings import ENCODINGS

MEMORIES, DIFFUSIONS = targets.memory_targets(), targets.diffusion_targets()
ALL = (*targets.encoding_targets(), *targets.reasoner_targets(), *MEMORIES, *DIFFUSIONS)


def test_one_target_per_encoding_and_per_pair():
    assert len({target.name for target in ALL}) == len(ENCODINGS) * (1 + len(BACKBONES)) + len(MEMORIES) + 3
    assert len(MEMORIES) == 1 + 2 * 4


@pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)
def test_builds_the_same_each_time_and_leaves_the_random_state(target):
    before = torch.get_rng_state()
    first, second = target.build(), target.build()
    assert torch.equal(torch.get_rng_state(), before)
    assert first is not second
    assert not first.training
    states = first.state_dict(), second.state_dict()
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    inputs = target.inputs(), target.inputs()
    torch.testing.assert_close(inputs[0], inputs[1], rtol=0, atol=0)
    with torch.no_grad():
        first(**inputs[0])


@pytest.mark.parametrize(
    "name",
    [
        *("rope", "rope_gpt2", "alibi_gpt_neox", "memxlnet", "gmmxlnet_read_8", "diffusion_tiny", "diffusion_loss"),
    ],
)
def test_names_on_the_command_line(name):
    factory = getattr(targets, name)
    with torch.no_grad():
        factory()(**factory.inputs())


def test_unknown_name():
    with pytest.raises(AttributeError, match="has no attribute 'rotary'"):
        targets.rotary  # noqa: B018


def test_recipes_pickle():
    restored = pickle.loads(pickle.dumps(ALL))
    assert [target.name for target in restored] == [target.name for target in ALL]
    assert all(isinstance(target, Target) for target in restored)
