import torch
from torch import nn

from samedevice.suites.state import stir, unequal


def test_stirring_changes_every_parameter_and_repeats_itself():
    before, first, second = nn.Linear(3, 2), nn.Linear(3, 2), nn.Linear(3, 2)
    for module in (first, second):
        module.load_state_dict(before.state_dict())
        stir(module)
    assert all(not torch.equal(a, b) for a, b in zip(before.parameters(), first.parameters(), strict=True))
    assert list(unequal(first.state_dict(), second.state_dict())) == []


def test_every_loss_is_named():
    before = {"kept": torch.ones(2), "lost": torch.ones(1), "rounded": torch.ones(1), "changed": torch.ones(1)}
    after = {
        "kept": torch.ones(2),
        "new": torch.ones(1),
        "rounded": torch.ones(1, dtype=torch.float16),
        "changed": torch.zeros(1),
    }
    assert list(unequal(before, after)) == [
        ("changed", "it came back with other values"),
        ("lost", "it was saved and did not come back"),
        ("new", "it came back and was never saved"),
        ("rounded", "it was saved as torch.float32 and came back as torch.float16"),
    ]
