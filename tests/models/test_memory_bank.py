import torch

import samedevice
from samedevice.models.memory_bank import bank_to, detached, rows_of

BANK = {0: torch.arange(12.0).view(3, 2, 2), 1: -torch.arange(12.0).view(3, 2, 2)}


def test_a_bank_moves_whole_and_keeps_its_numbers():
    with samedevice.virtual("cuda"):
        moved = bank_to(BANK, "cuda")
        assert {str(tensor.device) for tensor in moved.values()} == {"cuda:0"}
        assert all(torch.equal(moved[i].cpu(), BANK[i]) for i in BANK)


def test_detaching_keeps_the_numbers_and_drops_the_history():
    live = {i: tensor.clone().requires_grad_() * 2 for i, tensor in BANK.items()}
    assert not any(tensor.requires_grad for tensor in detached(live).values())
    assert all(torch.equal(detached(live)[i], live[i]) for i in live)


def test_rows_in_the_order_asked():
    assert torch.equal(rows_of(BANK, [2, 0])[1], BANK[1][[2, 0]])
