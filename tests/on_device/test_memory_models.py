"""The life of a memory XLNet on one device: `--devices` says which."""

from copy import deepcopy

import pytest
import torch

from samedevice.models.memory_bank import bank_to
from samedevice.models.targets import memory_targets

SEGMENTS = 3


@pytest.fixture(params=memory_targets(), ids=lambda target: target.name)
def target(request):
    return request.param


def fed_on(target, place):
    inputs = target.inputs()
    bank = bank_to(inputs.pop("memory_state"), place)
    return {name: tensor.to(place) for name, tensor in inputs.items()}, bank


def read_through(model, fed, bank):
    """The last logits and bank of a document of three segments."""
    for _ in range(SEGMENTS):
        output = model(**fed, memory_state=bank)
        bank = output.memory_state
    return output, bank


def test_a_document_reads_as_on_the_cpu(target, device):
    model = target.build().to(device)
    with torch.no_grad():
        output, bank = read_through(model, *fed_on(target, device))
        expected, _ = read_through(target.build(), *fed_on(target, "cpu"))
    assert {str(tensor.device) for tensor in bank.values()} == {device}
    torch.testing.assert_close(output.start_logits.cpu(), expected.start_logits)
    torch.testing.assert_close(bank_to(bank, "cpu"), expected.memory_state)


def test_the_initial_memory_is_on_the_device_after_every_way_of_getting_there(target, device, tmp_path):
    model = target.build().to(device)
    model.save_pretrained(tmp_path)
    loaded = type(model).from_pretrained(tmp_path).to(device)
    for twin in (model, deepcopy(model), loaded, deepcopy(model).half()):
        bank = twin.get_initial_memory(2)
        assert {(str(tensor.device), tensor.dtype) for tensor in bank.values()} == {(device, twin.dtype)}


def test_training_through_the_memory_moves_nothing(target, device):
    model = target.build().train().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(4):
        output, _ = read_through(model, *fed_on(target, device))
        output.loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(output.loss.item())
    assert losses[-1] < losses[0]
    assert {str(tensor.device) for tensor in model.state_dict().values()} == {device}


@pytest.mark.devices("cuda", "mps")
def test_a_memory_that_was_kept_on_the_cpu_is_refused_and_moves_once_by_name(target, device):
    model = target.build().to(device)
    fed, bank = fed_on(target, device)
    kept = bank_to(bank, "cpu")
    with pytest.raises(ValueError, match=r"memory_state\[0\] is on cpu and the segment on"):
        model(**fed, memory_state=kept)
    with torch.no_grad():
        assert torch.equal(
            model(**fed, memory_state=bank_to(kept, model.device)).start_logits.cpu(),
            model(**fed, memory_state=bank).start_logits.cpu(),
        )
