"""Each way of holding a tensor: a model that does it, the path spelled out, and the same model mended."""

import functools
from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from samedevice.harness.reach import How, reach

Stats = namedtuple("Stats", "mean std")
MEAN = torch.zeros(3)
TABLES = SimpleNamespace(sine=torch.zeros(2))


def _tensor():
    return torch.zeros(3)


def normalize(x, mean=torch.zeros(3), *, std=torch.zeros(3)):  # noqa: B008  # the disease
    return (x - mean) / std


def scaler(scale):
    def act(x):
        return x * scale

    return act


@functools.lru_cache(maxsize=4)
def bounded_table(size):
    return torch.zeros(size)


@functools.cache
def endless_table(size):
    return torch.zeros(size)


class Queue:
    def __init__(self):
        self.bank = _tensor()

    def get(self):
        return self.bank


class Slotted:
    __slots__ = ("bank", "empty")

    def __init__(self):
        self.bank = _tensor()


@dataclass
class Record:
    mean: Tensor
    note: str = "plain"


class Holder(nn.Module):
    def __init__(self, **held):
        super().__init__()
        for name, value in held.items():
            setattr(self, name, value)


class WithDefault(nn.Module):
    def forward(self, x, mask=torch.zeros(3)):  # noqa: B008  # the disease
        return x * mask


class WithInnerDefault(nn.Module):
    def forward(self, x):
        return normalize(x)


class WithGlobal(nn.Module):
    def forward(self, x):
        return [x + MEAN + TABLES.sine for _ in range(2)]


class WithGlobalCache(nn.Module):
    def forward(self, x):
        return x + bounded_table(3) + endless_table(2)


class WithTable(nn.Module):
    TABLE = torch.zeros(3)
    STEPS = (1, torch.zeros(2))


class Derived(WithTable):
    @staticmethod
    def scale(x, by=torch.zeros(3)):  # noqa: B008  # the disease
        return x * by

    @property
    def table(self, shift=torch.zeros(3)):  # noqa: B008  # the disease
        raise AssertionError("a property was run")


class WithCachedProperty(nn.Module):
    @functools.cached_property
    def table(self):
        return _tensor()


def with_gradient():
    model = nn.Linear(2, 1, bias=False)
    model(torch.ones(1, 2)).sum().backward()
    return model


def with_cached_property():
    model = WithCachedProperty()
    assert model.table is not None
    return model


def with_caches():
    bounded_table.cache_clear()
    endless_table.cache_clear()
    bounded_table(3), endless_table(2)
    return WithGlobalCache()


def with_hook():
    store = [_tensor()]

    def keep(module, args, out):
        store.append(out)

    model = nn.Sequential(nn.ReLU())
    model[0].register_forward_hook(keep)
    return model


def with_parameter_hook():
    scale = _tensor()
    model = nn.Linear(3, 1, bias=False)
    model.weight.register_hook(lambda grad: grad * scale)
    return model


def with_optimizer():
    model = with_gradient()
    model.trainer = torch.optim.AdamW(model.parameters())
    model.trainer.step()
    model.trainer.zero_grad()
    return model


def with_tensor_attribute():
    model = nn.Linear(2, 1, bias=False)
    model.weight.main = _tensor()
    return model


def with_hidden_in_dict():
    return Holder(heads={"a": nn.Linear(1, 1, bias=False)})


def grown():
    leaf = _tensor().requires_grad_()
    return Holder(scale=leaf)


def smuggled():
    model = nn.Module()
    vars(model)["scale"] = nn.Parameter(_tensor())
    return model


SICK = {
    "gradient": (with_gradient, {"weight.grad": How.GRADIENT}),
    "parameter list": (lambda: Holder(ws=[nn.Parameter(_tensor())]), {"ws[0]": How.HIDDEN_PARAMETER}),
    "leaf": (grown, {"scale": How.HIDDEN_PARAMETER}),
    "smuggled": (smuggled, {"scale": How.HIDDEN_PARAMETER}),
    "parameter in helper": (lambda: Holder(h=Record(nn.Parameter(_tensor()))), {"h.mean": How.HIDDEN_PARAMETER}),
    "module list": (
        lambda: Holder(conv_layers=[nn.Linear(1, 1), nn.Sequential(nn.BatchNorm1d(1, affine=False))]),
        {
            "conv_layers[0].weight": How.HIDDEN_MODULE,
            "conv_layers[0].bias": How.HIDDEN_MODULE,
            "conv_layers[1][0].running_mean": How.HIDDEN_MODULE,
            "conv_layers[1][0].running_var": How.HIDDEN_MODULE,
            "conv_layers[1][0].num_batches_tracked": How.HIDDEN_MODULE,
        },
    ),
    "module dict": (with_hidden_in_dict, {"heads['a'].weight": How.HIDDEN_MODULE}),
    "module in helper": (
        lambda: Holder(teacher=SimpleNamespace(net=nn.PReLU())),
        {"teacher.net.weight": How.HIDDEN_MODULE},
    ),
    "attribute": (lambda: Holder(norm=Holder(glob_mean=_tensor())), {"norm.glob_mean": How.ATTRIBUTE}),
    "tensor attribute": (with_tensor_attribute, {"weight.main": How.ATTRIBUTE}),
    "list": (lambda: Holder(slow=[_tensor(), _tensor()]), dict.fromkeys(["slow[0]", "slow[1]"], How.CONTAINER)),
    "dict": (lambda: Holder(cache={"layer1": _tensor()}), {"cache['layer1']": How.CONTAINER}),
    "ordered dict": (lambda: Holder(cache=OrderedDict(a=_tensor())), {"cache['a']": How.CONTAINER}),
    "tuple": (lambda: Holder(pair=(1, (_tensor(),))), {"pair[1][0]": How.CONTAINER}),
    "deque": (lambda: Holder(queue=deque([1, _tensor()])), {"queue[1]": How.CONTAINER}),
    "set": (lambda: Holder(bag={_tensor()}), {"bag.<items>[0]": How.CONTAINER}),
    "object": (lambda: Holder(queue=Queue()), {"queue.bank": How.OBJECT}),
    "slots": (lambda: Holder(queue=Slotted()), {"queue.bank": How.OBJECT}),
    "dataclass": (lambda: Holder(record=Record(_tensor())), {"record.mean": How.OBJECT}),
    "namedtuple": (lambda: Holder(stats=Stats(1, _tensor())), {"stats.std": How.OBJECT}),
    "object in list": (lambda: Holder(queues=[Queue()]), {"queues[0].bank": How.OBJECT}),
    "list in object": (lambda: Holder(ema=SimpleNamespace(average=[0, _tensor()])), {"ema.average[1]": How.OBJECT}),
    "distribution": (
        lambda: Holder(base=torch.distributions.Normal(_tensor(), _tensor() + 1)),
        {"base.loc": How.OBJECT, "base.scale": How.OBJECT},
    ),
    "bound method": (lambda: Holder(get=Queue().get), {"get.__self__.bank": How.OBJECT}),
    "optimizer": (
        with_optimizer,
        {
            "trainer.state[weight]['step']": How.OPTIMIZER,
            "trainer.state[weight]['exp_avg']": How.OPTIMIZER,
            "trainer.state[weight]['exp_avg_sq']": How.OPTIMIZER,
        },
    ),
    "partial": (
        lambda: Holder(act=functools.partial(torch.add, _tensor(), other=_tensor())),
        {"act.args[0]": How.PARTIAL, "act.keywords['other']": How.PARTIAL},
    ),
    "cached property": (with_cached_property, {"table": How.CACHE}),
    "own cache": (lambda: Holder(table=_filled_cache()), {"table.<cache>[0]": How.CACHE}),
    "closure": (lambda: Holder(act=scaler(_tensor())), {"act.<closure>.scale": How.CLOSURE}),
    "closure over list": (lambda: Holder(act=scaler([_tensor()])), {"act.<closure>.scale[0]": How.CLOSURE}),
    "closure over module": (
        lambda: Holder(act=scaler(nn.PReLU())),
        {"act.<closure>.scale.weight": How.HIDDEN_MODULE},
    ),
    "default": (WithDefault, {"forward.<defaults>.mask": How.DEFAULT}),
    "default of a function": (
        WithInnerDefault,
        {
            "forward.<globals>.normalize.<defaults>.mean": How.DEFAULT,
            "forward.<globals>.normalize.<defaults>.std": How.DEFAULT,
        },
    ),
    "class": (WithTable, {"TABLE": How.CLASS, "STEPS[1]": How.CLASS}),
    "class above": (
        Derived,
        {
            "TABLE": How.CLASS,
            "STEPS[1]": How.CLASS,
            "scale.<defaults>.by": How.DEFAULT,
            "table.<defaults>.shift": How.DEFAULT,
        },
    ),
    "hook": (with_hook, {"[0].<hooks>.keep.<closure>.store[0]": How.HOOK}),
    "hook of a tensor": (with_parameter_hook, {"weight.<hooks>.<lambda>.<closure>.scale": How.HOOK}),
    "global": (WithGlobal, {"forward.<globals>.MEAN": How.GLOBAL, "forward.<globals>.TABLES.sine": How.GLOBAL}),
    "global cache": (
        with_caches,
        {
            "forward.<globals>.bounded_table.<cache>[0]": How.CACHE,
            "forward.<globals>.endless_table.<cache>[0]": How.CACHE,
        },
    ),
}
WEAK = {How.CLOSURE, How.DEFAULT, How.CLASS, How.HOOK, How.GLOBAL}


def _filled_cache():
    table = functools.lru_cache(lambda size: torch.zeros(size))
    table(3)
    return table


def _strays(model):
    return {found.path: found for found in reach(model) if found.how not in (How.PARAMETER, How.BUFFER)}


@pytest.mark.parametrize("name", SICK)
def test_sick(name):
    build, expected = SICK[name]
    found = _strays(build())
    assert {path: one.how for path, one in found.items()} == expected
    for path, one in found.items():
        if one.how in WEAK:
            assert one.weak, path
        assert one.hint
        assert path.startswith(one.holder)


def test_what_the_model_owns_is_not_weak_and_what_it_refers_to_is():
    strong = {"attribute", "list", "object", "module list", "optimizer", "partial", "cached property", "own cache"}
    weak = {"closure", "closure over module", "default", "class", "hook", "global", "global cache"}
    verdicts = {name: {one.weak for one in _strays(SICK[name][0]()).values()} for name in strong | weak}
    assert verdicts == {**{name: {False} for name in strong}, **{name: {True} for name in weak}}


def test_every_how_has_a_specimen():
    shown = {how for _, expected in SICK.values() for how in expected.values()}
    assert shown | {How.PARAMETER, How.BUFFER} == set(How)


class WithBuffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("glob_mean", _tensor())
        self.register_buffer("nothing", None)


class WithNone(nn.Module):
    def forward(self, x, mask=None, scale=1.0):
        return normalize_well(x) if mask is None else x * mask


def normalize_well(x, mean=(0.0, 1.0)):
    return x - x.new_tensor(mean)


HEALTHY = {
    "attribute": lambda: Holder(norm=WithBuffer()),
    "list": lambda: Holder(ws=nn.ParameterList([_tensor()])),
    "dict": lambda: Holder(ws=nn.ParameterDict({"a": _tensor()})),
    "module list": lambda: Holder(convs=nn.ModuleList([nn.Linear(1, 1)])),
    "module dict": lambda: Holder(convs=nn.ModuleDict({"a": nn.Linear(1, 1)})),
    "gradient": lambda: nn.Linear(2, 2),
    "object": lambda: Holder(queue=SimpleNamespace(size=3, names=["a"], dtype=torch.float32)),
    "defaults": WithNone,
    "closure": lambda: Holder(act=scaler(2.0)),
    "partial": lambda: Holder(act=functools.partial(torch.add, other=1)),
    "cache": lambda: Holder(table=functools.lru_cache(lambda size: torch.zeros(size))),
    "hook": lambda: Holder(net=nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))),
    "spectral norm": lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(2, 2)),
    "transformer": lambda: nn.TransformerEncoderLayer(8, 2, 8),
    "rnn": lambda: nn.LSTM(2, 2),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy(name):
    model = HEALTHY[name]()
    assert _strays(model) == {}
    listed = [tensor for _, tensor in (*model.named_parameters(), *model.named_buffers())]
    assert sorted(map(id, listed)) == sorted(id(found.tensor) for found in reach(model))


def test_an_optimizers_step_may_stay_on_the_host():
    found = {one.path: one.host_ok for one in _strays(with_optimizer()).values()}
    assert found == {
        "trainer.state[weight]['step']": True,
        "trainer.state[weight]['exp_avg']": False,
        "trainer.state[weight]['exp_avg_sq']": False,
    }


def test_generators_are_told_apart():
    model = Holder(gen=torch.Generator(), samplers=[SimpleNamespace(rng=torch.Generator())])
    walk = reach(model)
    assert list(walk) == []
    assert set(walk.generators) == {"gen", "samplers[0].rng"}


HINTS = {
    "gradient": ("weight.grad", "zero_grad()"),
    "parameter list": ("ws[0]", "in `Holder`: `self.ws = nn.ParameterList(...)` instead of a list"),
    "leaf": ("scale", "in `Holder`: `self.scale = nn.Parameter(...)`, set as an attribute of the module"),
    "parameter in helper": ("h.mean", "make `Record` an `nn.Module` that registers `mean`"),
    "module list": ("conv_layers[1][0].running_var", "in `Holder`: `self.conv_layers = nn.ModuleList(...)` instead"),
    "module dict": ("heads['a'].weight", "in `Holder`: `self.heads = nn.ModuleDict(...)` instead of a dict"),
    "module in helper": ("teacher.net.weight", "make the module in `net` a submodule"),
    "attribute": ("norm.glob_mean", 'in `Holder`: `self.register_buffer("glob_mean", ..., persistent=False)`'),
    "list": ("slow[1]", "keep the tensors of `slow` as buffers"),
    "object": ("queue.bank", "`Queue` is no `nn.Module`: give it a `.to()` that moves `bank` and call that on `queue`"),
    "distribution": ("base.loc", "register `loc` as a buffer of `Holder` and build the `Normal` from it in `forward`"),
    "optimizer": ("trainer.state[weight]['exp_avg']", "build the `AdamW` in `trainer` after the model has moved"),
    "partial": ("act.args[0]", "pass the tensor that `act` binds in the call instead"),
    "own cache": ("table.<cache>[0]", "make the device a part of the key of `<lambda>` (`device=x.device`)"),
    "closure": ("act.<closure>.scale", "pass `scale` to `act` as an argument"),
    "default": ("forward.<defaults>.mask", "in `forward`: default `mask=None`"),
    "class": ("TABLE", 'in `WithTable.__init__`: `self.register_buffer("TABLE", ..., persistent=False)`'),
    "hook": ("[0].<hooks>.keep.<closure>.store[0]", "move `store` to the device of the hook's output"),
    "global": ("forward.<globals>.MEAN", "use `MEAN.to(x.device)` in `forward`"),
}


@pytest.mark.parametrize("name", HINTS)
def test_the_hint_names_the_mend(name):
    path, mend = HINTS[name]
    assert mend in _strays(SICK[name][0]())[path].hint
