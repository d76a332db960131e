import torch

import samedevice
from samedevice.models.diffusion.randomness import integers, uniform


def test_a_cpu_generator_gives_the_cpus_numbers_anywhere():
    expected = torch.rand((2, 3), generator=torch.Generator().manual_seed(4))
    whole = torch.randint(5, 9, (6,), generator=torch.Generator().manual_seed(4))
    with samedevice.virtual("cuda", count=2):
        place = torch.device("cuda:1")
        found = uniform((2, 3), place, torch.Generator().manual_seed(4))
        assert (found.device, found.dtype) == (place, torch.float32)
        assert torch.equal(found.cpu(), expected)
        drawn = integers(5, 9, (6,), place, torch.Generator().manual_seed(4))
        assert (drawn.device, drawn.dtype) == (place, torch.int64)
        assert torch.equal(drawn.cpu(), whole)


def test_without_a_generator_the_devices_own_is_used_and_nothing_is_copied():
    with samedevice.virtual("cuda"), samedevice.transfers("disallow"):
        torch.cuda.manual_seed(3)
        first = uniform((4,), torch.device("cuda:0"))
        torch.cuda.manual_seed(3)
        again = uniform((4,), torch.device("cuda:0"))
    assert torch.equal(first.cpu(), again.cpu())
