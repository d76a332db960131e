import torch
from torch import nn

from samedevice.harness import engine
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.suites.placement.placement import PLACEMENT


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(3, 3)]  # born

    def forward(self, x):
        return x


def test_a_parameter_in_a_list(blames):
    first = blames(PLACEMENT, Listed, "SD101", "layers[0].weight")
    assert "nn.ModuleList" in first.hint


class Registered(Listed):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(self.layers)


def test_a_parameter_in_a_module_list(findings):
    assert findings(PLACEMENT, Registered) == []


class Forgetful(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.ones(3))  # born
        self.weight = nn.Parameter(torch.ones(3))

    def _apply(self, fn, recurse=True):
        self.weight.data = fn(self.weight.data)
        return self

    def forward(self, x):
        return x * self.weight


def test_a_buffer_that_the_move_leaves_out(blames):
    blames(PLACEMENT, Forgetful, "SD102", "table")


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.ones(3)  # born
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.weight


def unfed(build):
    target = Target(name="unfed", build=build)
    return next(engine.run([Cell(target=target, device=Device(kind="cuda", virtual=True), check=PLACEMENT)]))


def test_what_cannot_be_fed_is_no_pass():
    result = unfed(Registered)
    assert (result.status, result.findings) == (Status.NOT_CHECKED, ())
    assert result.reason == (
        "what the model holds was looked at, what it returns was not: cannot be fed: no inputs are known, give --inputs"
    )


def test_what_is_astray_in_a_model_that_cannot_be_fed_fails():
    result = unfed(Listed)
    assert (result.status, {finding.code for finding in result.findings}) == (Status.FAIL, {"SD101"})


def test_a_plain_tensor_of_a_model_that_cannot_be_fed(blames):
    blames(PLACEMENT, Plain, "SD103", "table", inputs=None)


def test_a_plain_tensor_that_no_forward_touches_is_let_be(findings):
    assert findings(PLACEMENT, Plain) == []


class Bank(nn.Module):
    def __init__(self, keep=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        bank = torch.zeros(2, 3)  # born
        self.register_buffer("bank", bank, persistent=False) if keep else setattr(self, "bank", bank)

    def forward(self, x):
        self.bank.copy_(x.detach() * self.weight.detach())
        return x * self.weight


def test_a_plain_tensor_that_collects_device_data(blames):
    blames(PLACEMENT, Bank, "SD103", "bank")


def test_a_buffer_that_collects_device_data(findings):
    assert findings(PLACEMENT, lambda: Bank(keep=True)) == []


class Unborn(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.ones(3, device="meta")  # born

    def forward(self, x):
        return x


def test_a_tensor_left_on_meta(findings):
    (first,) = findings(PLACEMENT, Unborn)
    assert (first.code, first.subject) == ("SD106", "table")


class Returning(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.arange(5.0)  # born
        self.weight = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return {"out": x * self.weight, "positions": self.table[: x.shape[1]] + 1}


def test_an_output_from_a_tensor_that_stayed_behind(blames):
    first = blames(PLACEMENT, Returning, "SD107", "table")
    assert "output['positions']" in first.message


class Legal(nn.Module):
    """What lives on the host by right: a scalar, an index, a result that was sent there, a source of copies."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.temperature = torch.tensor(2.0)
        self.order = torch.tensor([2, 0, 1])
        self.noise = torch.ones(3)
        self.register_buffer("running", torch.zeros(3))
        self.cache = {}

    def forward(self, x):
        self.running += x.mean(0)
        self.cache["last"] = (x * self.weight).detach()
        y = x[:, self.order] * self.weight / self.temperature + self.noise.to(x.device)
        return y, y.detach().cpu()


def test_what_may_live_on_the_host(findings):
    assert findings(PLACEMENT, Legal) == []


def test_the_cpu_is_home_to_everything(findings):
    for build in (Listed, Forgetful, Plain, Bank, Returning, Legal):
        assert findings(PLACEMENT, build, on=Device(kind="cpu")) == []
