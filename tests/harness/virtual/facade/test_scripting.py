"""TorchScript on a virtual device: what is scripted or traced runs as its Python, on the devices that it has now."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import samedevice

pytestmark = [
    pytest.mark.filterwarnings(r"ignore:`torch\.jit\.\w+` is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),  # batch_norm looks at a size
]


def beside(x):
    return x + torch.ones(3, device=x.device)


class Net(nn.Module):
    """A buffer that each call replaces, children, a child that is None, and a functional written in Python."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.norm = nn.BatchNorm2d(2)
        self.layers = nn.ModuleList([nn.Linear(4, 4)])
        self.absent = None
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x):
        self.calls = self.calls + 1
        y = self.norm(self.conv(x))
        for layer in self.layers:
            y = layer(y)
        return F.normalize(y) * torch.arange(4, device=x.device)


def script(thing):
    return torch.jit.script(thing)


def trace(thing):
    device = next(thing.parameters()).device if isinstance(thing, nn.Module) else "cuda"
    return torch.jit.trace(thing, (example(thing).to(device),))


def example(thing):
    return torch.ones(1, 1, 6, 6) if isinstance(thing, nn.Module) else torch.ones(3)


@pytest.mark.parametrize("compiled", [script, trace])
def test_a_function_sees_the_device(compiled):
    with samedevice.virtual("cuda"):
        run = compiled(beside)
        assert run(torch.ones(3, device="cuda")).device == torch.device("cuda", 0)
        assert run(torch.ones(3)).device == torch.device("cpu")


@pytest.mark.parametrize("compiled", [script, trace])
def test_a_module_computes_on_the_device_what_python_computes(compiled):
    torch.manual_seed(0)
    net, twin = Net(), Net()
    twin.load_state_dict(net.state_dict())
    with samedevice.virtual("cuda"):
        run = compiled(net.to("cuda"))
        twin.to("cuda").load_state_dict(run.state_dict())  # a trace has called it once
        x = example(net).cuda()
        for _ in range(2):
            assert torch.equal(run(x), twin(x))
        assert all(torch.equal(one, run.state_dict()[name]) for name, one in twin.state_dict().items())
        run.eval(), twin.eval()
        assert torch.equal(run(x), twin(x))


def test_what_was_scripted_before_moves_like_any_module():
    run, function = torch.jit.script(Net()), torch.jit.script(beside)
    expected = run(example(run))
    with samedevice.virtual("cuda"):
        assert function(torch.ones(3, device="cuda")).is_cuda
        run.to("cuda")
        assert {one.device.type for one in run.state_dict().values()} == {"cuda"}
        assert torch.equal(run(example(run).cuda()).cpu(), expected)
        assert run.calls.tolist() == [2]
        assert run.calls.is_cuda
        with pytest.raises(RuntimeError, match="should be the same"):
            run(example(run))
        run.cpu()
    assert torch.equal(run(example(run)), expected)  # the interpreter, with the buffers that the calls have left


def test_a_stray_in_scripted_code_is_named():
    def stray(x):
        return x * torch.ones(3)

    run = torch.jit.script(stray)
    assert run(torch.ones(3)).sum() == 3
    with samedevice.virtual("cuda"), pytest.raises(RuntimeError, match=r"made at .*return x \* torch\.ones\(3\)"):
        run(torch.ones(3, device="cuda"))


def test_what_has_no_python_stays_with_the_interpreter(tmp_path):
    torch.jit.save(torch.jit.script(Net()), tmp_path / "net.pt")
    with samedevice.virtual("cuda"):
        run = torch.jit.load(tmp_path / "net.pt")
        assert run(example(run)).device == torch.device("cpu")


def test_all_is_undone():
    kinds = (torch._C.ScriptFunction, torch._C.ScriptMethod)
    before = [kind.__call__ for kind in kinds], torch.jit.trace_module, set(torch.jit._builtins._get_builtin_table())
    with samedevice.virtual("cuda"), samedevice.virtual("mps"):
        assert torch.jit.script(beside)(torch.ones(3, device="mps")).is_mps
    assert before == (
        [kind.__call__ for kind in kinds],
        torch.jit.trace_module,
        set(torch.jit._builtins._get_builtin_table()),
    )


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("compiled", [script, trace])
def test_a_copy_sees_the_device_as_well(compiled, copied):
    x = torch.rand(1, 1, 6, 6)
    with samedevice.virtual("cuda"):
        module = compiled(Net().eval()).to("cuda")
        twin = copied(module)
        assert twin(x.to("cuda")).device == torch.device("cuda", 0)
        assert torch.equal(twin(x.to("cuda")).cpu(), module(x.to("cuda")).cpu())
    assert torch.equal(copied(twin)(x.to(twin.calls.device)), twin(x))  # and the interpreter runs it afterwards
