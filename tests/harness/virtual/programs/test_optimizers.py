"""Optimizers, gradient utilities and averages take the same steps on a device, each tensor where hardware has it."""

import pytest
import torch
from torch import nn

import samedevice

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "sgd foreach": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, foreach=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1, foreach=False),
    "adam foreach": lambda p: torch.optim.Adam(p, lr=0.1, foreach=True, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, foreach=False),
    "adamw foreach": lambda p: torch.optim.AdamW(p, lr=0.1, foreach=True),
    "adamw tensor lr": lambda p: torch.optim.AdamW(p, lr=torch.tensor(0.1), foreach=False),
    "adafactor": lambda p: torch.optim.Adafactor(p, lr=0.1, foreach=False),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, foreach=False),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.1, centered=True, foreach=False),
    "lbfgs": lambda p: torch.optim.LBFGS(p, lr=0.1, max_iter=3),
}


def trained(d, build):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).to(d)
    optimizer = build(model.parameters())
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (step + 1))
    x = torch.linspace(-1, 1, 6, device=d).view(2, 3)

    def closure():
        optimizer.zero_grad()
        loss = model(x).pow(2).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        return loss

    for _ in range(3):
        optimizer.step(closure)
        schedule.step()
    return model, optimizer


# Without `foreach` the CPU and the device would choose differently, and round differently.
@pytest.mark.parametrize("build", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.filterwarnings("ignore:Detected call of", "ignore:at..frobenius_norm")
def test_steps(same, build):
    same(lambda d: [p.detach() for p in trained(d, build)[0].parameters()])


def test_adam_counts_its_steps_on_the_host(same):
    def program(d):
        _, optimizer = trained(d, OPTIMIZERS["adam"])
        return [state["step"] for state in optimizer.state.values()]

    same(program, host=range(4))


@pytest.mark.parametrize("name", ["adamw", "sgd"])
def test_state_returns_to_the_parameters_device(same, name):
    def program(d):
        model, optimizer = trained(d, OPTIMIZERS[name])
        again = OPTIMIZERS[name](model.parameters())
        state = optimizer.state_dict()
        moved = {k: {n: t.cpu() if t.dim() else t for n, t in s.items()} for k, s in state["state"].items()}
        again.load_state_dict({**state, "state": moved})
        return [t for s in again.state.values() for n, t in s.items() if n != "step"]

    same(program)


def test_gradient_utilities(same):
    def program(d):
        weights = [nn.Parameter(torch.full((2,), float(i), device=d)) for i in (1, 2)]
        for weight in weights:
            weight.grad = weight.detach() * 3
        norm = nn.utils.clip_grad_norm_(weights, 1.0)  # in one kernel where the device has it: MPS has not
        nn.utils.clip_grad_value_(weights, 0.3)
        vector = nn.utils.parameters_to_vector(weights)
        nn.utils.vector_to_parameters(vector * 2, weights)
        return norm, vector, weights, [w.grad for w in weights]

    same(program)


def test_averaged_weights(same):
    def program(d):
        model = nn.Linear(2, 2).to(d)
        average = torch.optim.swa_utils.AveragedModel(
            model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9)
        )
        average.update_parameters(model)
        average.update_parameters(model)
        return list(average.parameters())

    same(program)


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW])
def test_parameters_on_two_devices_are_stepped_apart(optimizer):
    def train(first, second):
        torch.manual_seed(0)
        one, two = nn.Linear(3, 3).to(first), nn.Linear(3, 3).to(second)
        both = [*one.parameters(), *two.parameters()]
        step = optimizer(both, lr=0.1)
        x = torch.linspace(-1, 1, 6).view(2, 3)
        (one(x.to(first)).sum() + two(x.to(second)).sum().to(first)).backward()
        nn.utils.clip_grad_norm_(both, 1.0)
        step.step()
        return [p.detach().cpu() for p in both], {p.grad.device for p in two.parameters()}

    expected, _ = train("cpu", "cpu")
    with samedevice.virtual("cuda", count=2):
        found, places = train("cuda:0", "cuda:1")
        assert places == {torch.device("cuda:1")}
    assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))


def test_the_gradient_of_a_host_scalar_comes_home():
    with samedevice.virtual("cuda"):
        scalar = nn.Parameter(torch.tensor(2.0))
        (torch.ones(3, device="cuda") * scalar).sum().backward()
        assert scalar.grad.device == torch.device("cpu")
        torch.optim.AdamW([scalar]).step()


def test_a_random_state_that_was_mapped_to_the_device_is_refused():
    with samedevice.virtual("cuda"):
        state, generator = torch.get_rng_state(), torch.Generator()
        for restore in (torch.set_rng_state, generator.set_state):
            with pytest.raises(TypeError, match=r"RNG state must be a torch\.ByteTensor"):
                restore(state.cuda())
            restore(state)
