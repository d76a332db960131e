import inspect
import logging

import pytest
import torch

import samedevice
from samedevice.harness.errors import TransferRefused, UsageError


@pytest.fixture
def x():
    with samedevice.virtual("cuda"):
        yield torch.linspace(-1, 1, 6, device="cuda")


IMPLICIT = {
    "item": (lambda x: x[0].item(), "aten::_local_scalar_dense", 4),
    "bool": (lambda x: bool(x[0] > 0), "aten::_local_scalar_dense", 1),
    "int": (lambda x: int(x.sum()), "aten::_local_scalar_dense", 4),
    "tolist": (lambda x: x.tolist(), "Tensor.tolist", 24),
    "nonzero": (lambda x: x.nonzero(), "aten::nonzero", 8),
    "masked_select": (lambda x: x.masked_select(x > 0), "aten::masked_select", 8),
    "unique": (lambda x: x.unique(), "aten::_unique2", 8),
    "copy into a host tensor": (lambda x: torch.zeros(6).copy_(x), "aten::copy_", 24),
}
EXPLICIT = {"cpu": lambda x: x.cpu(), "to": lambda x: x.to("cpu"), "cuda": lambda x: torch.ones(6).cuda()}
SILENT = {
    "arithmetic": lambda x: (x * 2 + 1).sum(),
    "a host scalar": lambda x: x + torch.tensor(1.0),
    "shape": lambda x: x.shape[0] * x.numel(),
    "host values": lambda x: torch.ones(3).sum().item(),
    "to where it is": lambda x: x.to("cuda"),
}


@pytest.mark.parametrize("name", IMPLICIT)
def test_what_python_waits_for_is_seen_with_its_bytes_and_line(x, name):
    act, op, nbytes = IMPLICIT[name]
    with samedevice.transfers("allow") as seen:
        act(x)
    (copy,) = seen.copies
    assert (copy.op, copy.nbytes, copy.asked, str(copy.way)) == (op, nbytes, False, "device to host")
    assert copy.use.line == act.__code__.co_firstlineno
    assert copy.use.file == inspect.getsourcefile(act)
    assert copy.sync is (op != "aten::copy_")


@pytest.mark.parametrize("name", IMPLICIT)
def test_disallow_refuses_it(x, name):
    with samedevice.transfers("disallow"), pytest.raises(TransferRefused, match="implicit device to host transfer of"):
        IMPLICIT[name][0](x)


@pytest.mark.parametrize("name", EXPLICIT)
def test_what_is_asked_for_by_name_is_explicit(x, name):
    with samedevice.transfers("disallow") as seen:
        EXPLICIT[name](x)
    (copy,) = seen.copies
    assert (copy.asked, copy.nbytes, copy.sync) == (True, 24, False)
    with samedevice.transfers("disallow_explicit"), pytest.raises(TransferRefused, match="explicit"):
        EXPLICIT[name](x)


@pytest.mark.parametrize("name", SILENT)
def test_what_stays_where_it_is_costs_nothing(x, name):
    with samedevice.transfers("disallow_explicit") as seen:
        SILENT[name](x)
    assert seen.copies == []
    assert seen.nbytes == 0


def test_log_names_the_line(x, caplog):
    with caplog.at_level(logging.WARNING, "samedevice.transfers"), samedevice.transfers("log"):
        x[0].item()
        x.cpu()
    (record,) = caplog.records
    assert record.message.startswith(
        "implicit device to host transfer of 4 bytes by aten::_local_scalar_dense, for which Python waits at "
    )
    assert record.message.endswith("x[0].item()")


def test_budgets_nest_and_end(x):
    with samedevice.transfers("allow") as outer:
        with samedevice.transfers("allow") as inner:
            x[0].item()
        x[0].item()
    x[0].item()
    assert (len(outer.copies), len(inner.copies)) == (2, 1)


@pytest.mark.parametrize(
    ("budget", "message"),
    [("forbid", "unknown transfer budget 'forbid': choose from allow, log, disallow, log_explicit, disallow_explicit")],
)
def test_bad_words(x, budget, message):
    with pytest.raises(UsageError, match=message), samedevice.transfers(budget):
        pass


def test_without_a_virtual_device_nothing_can_be_seen():
    with pytest.raises(UsageError, match=r"enter samedevice\.virtual"), samedevice.transfers("allow"):
        pass
