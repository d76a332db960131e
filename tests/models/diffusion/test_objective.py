import copy

import pytest
import torch

import samedevice
from samedevice.models.diffusion.bound import loss_at
from samedevice.models.diffusion.objective import DenoisingObjective


@pytest.fixture
def fed(ids):
    noisy = ids.masked_fill((ids != 0) & (torch.arange(10) % 3 == 0), 259)
    return {"clean_ids": ids, "noisy_ids": noisy, "timesteps": torch.tensor([1, 30, 64])}


def test_it_is_the_loss(make, fed):
    model, corruptor = make()
    found = DenoisingObjective(model, corruptor)(**fed)
    expected = loss_at(model, corruptor, (fed["clean_ids"], fed["noisy_ids"]), fed["timesteps"])
    assert torch.equal(found, expected.total)


def test_the_tables_move_and_copy_with_the_model(make, fed):
    objective = DenoisingObjective(*make())
    expected = objective(**fed)
    with samedevice.virtual("cuda", count=2):
        twin = copy.deepcopy(objective).to("cuda:1")
        held = (twin.corruptor.noise_ids, twin.corruptor.noise_probs, twin.corruptor.scheduler.alpha_bars)
        assert {str(tensor.device) for tensor in held} == {"cuda:1"}
        assert str(objective.corruptor.device) == "cpu"
        assert torch.equal(twin(**{name: value.to("cuda:1") for name, value in fed.items()}).cpu(), expected)
        assert str(twin.cpu().corruptor.scheduler.device) == "cpu"


def test_its_state_is_the_models(make):
    model, corruptor = make()
    objective = DenoisingObjective(model, corruptor)
    assert {name.removeprefix("model.") for name in objective.state_dict()} == set(model.state_dict())
