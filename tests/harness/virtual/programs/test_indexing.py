"""Legal indexing: every way to read from and write into a device tensor, CPU indices and CPU scalars included."""

import pytest
import torch


def grid(d):
    return torch.arange(24.0, device=d).view(2, 3, 4)


READS = {
    "int": lambda x: x[1],
    "slice": lambda x: x[:, 1:],
    "ellipsis": lambda x: x[..., 0],
    "none": lambda x: x[None, 0],
    "list": lambda x: x[[1, 0]],
    "range": lambda x: x[range(2)],
    "lists": lambda x: x[[0, 1], [1, 0]],
    "bool list": lambda x: x[[True, False]],
    "numpy": lambda x: x[torch.tensor([0, 1]).numpy()],
    "numpy mask": lambda x: x[torch.tensor([False, True]).numpy()],
    "CPU index": lambda x: x[torch.tensor([1, 0])],
    "CPU mask": lambda x: x[torch.tensor([True, False])],
    "CPU 0-dim index": lambda x: x[torch.tensor(1)],
    "CPU and device index": lambda x: x[torch.tensor([0, 1]), torch.tensor([0, 1], device=x.device)],
    "device mask": lambda x: x[x > 3],
    "device index": lambda x: x[:, torch.tensor([2, 0], device=x.device)],
    "argmax": lambda x: x.view(-1)[x.argmax()],
    "index and slice": lambda x: x[torch.tensor([1]), 1:, None],
    "negative step": lambda x: x.flip(0)[0],
    "iteration": lambda x: list(x),
    "unpacking": lambda x: (lambda a, b: a + b)(*x),
    "contains": lambda x: (5.0 in x, 99.0 in x),
    "take_along_dim": lambda x: x.take_along_dim(x.argsort(-1), -1),
    "nonzero": lambda x: x.nonzero(as_tuple=True),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_reading(same, read):
    same(lambda d: read(grid(d)))


def put(where, value):
    def write(x):
        x[where(x) if callable(where) else where] = value(x) if callable(value) else value

    return write


WRITES = {
    "number": put(0, 7.0),
    "slice": put(slice(0, 1), 7.0),
    "device value": put((0, 0), lambda x: x[1, 1]),
    "CPU value crosses": put((0, 0), lambda x: torch.ones(4)),
    "CPU 0-dim value": put(0, torch.tensor(7.0)),
    "whole": put(..., lambda x: torch.ones(2, 3, 4)),
    "CPU mask, number": put(torch.tensor([True, False]), 7.0),
    "CPU index, device value": put(torch.tensor([1]), lambda x: x[0] * 2),
    "device mask, CPU 0-dim value": put(lambda x: x > 3, torch.tensor(7.0)),
    "device mask, number": put(lambda x: x > 3, 7.0),
    "index, CPU 0-dim": put((torch.tensor([0]), torch.tensor([1])), torch.tensor(7.0)),
    "masked_fill_ with a CPU scalar": lambda x: x.masked_fill_(x > 3, torch.tensor(7.0)),
    "masked_fill_ with a number": lambda x: x.masked_fill_(x > 3, float("-inf")),
    "index_put_": lambda x: x.index_put_((torch.tensor([0]),), torch.tensor(1.0), accumulate=True),
    "index_fill_": lambda x: x.index_fill_(0, torch.tensor([0], device=x.device), 7.0),
    "scatter_": lambda x: x.scatter_(0, torch.zeros(1, 3, 4, dtype=torch.long, device=x.device), 7.0),
    "fill_ with a CPU scalar": lambda x: x.fill_(torch.tensor(7.0)),
    "copy_ from the CPU": lambda x: x.copy_(torch.ones(2, 3, 4)),
    "copy_ broadcast": lambda x: x[0].copy_(torch.ones(4, dtype=torch.float64)),
    "through a view": lambda x: x.view(-1)[3:5].zero_(),
    "data": lambda x: x.data.mul_(2),
    "set_": lambda x: x.set_(x.clone()),
    "resize_as_": lambda x: x.resize_as_(torch.ones(2, 3)),
    "select_scatter": lambda x: x.copy_(x.select_scatter(torch.ones(3, 4), 0, 1)),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_writing(same, write):
    def program(d):
        x = grid(d)
        write(x)
        return x

    same(program)


def test_writing_device_data_into_the_cpu(same):
    def program(d):
        x = torch.zeros(3)
        x[1:] = torch.ones(2, device=d)
        x.copy_(torch.arange(3.0, device=d) + x.to(d))
        return x

    same(program, host=(0,))
