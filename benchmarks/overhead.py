"""What a virtual device costs: a forward pass on it against the bare one, in turns, in one process.

    python benchmarks/overhead.py

Prints the median of the paired ratios. Times are never compared across runs or machines.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from statistics import median
from time import perf_counter

import torch
from tabulate import tabulate
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers import GPT2Config, GPT2LMHeadModel

import samedevice

# name -> (layers, width, heads, tokens, rounds)
SIZES = {
    "2-layer GPT-2, width 64": (2, 64, 4, 16, 60),
    "2-layer GPT-2": (2, 768, 12, 32, 30),
    "GPT-2 small": (12, 768, 12, 64, 8),
}
Forward = Callable[[], object]


def build(size: tuple[int, int, int, int, int]) -> tuple[GPT2LMHeadModel, torch.Tensor]:
    """A model and its token ids, on the CPU."""
    layers, width, heads, tokens, _ = size
    torch.manual_seed(0)
    config = GPT2Config(n_layer=layers, n_embd=width, n_head=heads, vocab_size=1000, bos_token_id=1, eos_token_id=2)
    return GPT2LMHeadModel(config).eval(), torch.randint(0, 1000, (1, tokens))


def seconds(context: AbstractContextManager[object], forward: Forward) -> float:
    """One forward inside a context, the entering and leaving not counted."""
    with context, torch.no_grad():
        started = perf_counter()
        forward()
        return perf_counter() - started


def on_virtual(size: tuple[int, int, int, int, int]) -> Forward:
    """A forward of a model that was moved to a virtual device, which persists between contexts."""
    model, ids = build(size)
    with samedevice.virtual("cuda"):
        model, ids = model.to("cuda"), ids.to("cuda")
    return lambda: model(ids)


def on_fake(size: tuple[int, int, int, int, int], mode: FakeTensorMode) -> Forward:
    """A forward of a model without values, on the CPU: this build cannot move one to a fake `cuda`."""
    with mode:
        model, ids = build(size)
    return lambda: model(ids)


def ratios(size: tuple[int, int, int, int, int]) -> tuple[float, float, float]:
    """Median of virtual / bare and of fake / bare, and the bare milliseconds."""
    model, ids = build(size)
    fake = FakeTensorMode()
    forwards: list[tuple[Callable[[], AbstractContextManager[object]], Forward]] = [
        (nullcontext, lambda: model(ids)),
        (lambda: samedevice.virtual("cuda"), on_virtual(size)),
        (lambda: fake, on_fake(size, fake)),
    ]
    rounds = [[seconds(context(), forward) for context, forward in forwards] for _ in range(size[-1] + 3)][3:]
    bare = median(r[0] for r in rounds) * 1000
    return median(r[1] / r[0] for r in rounds), median(r[2] / r[0] for r in rounds), bare


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    rows = [(name, *(f"{value:.2f}" for value in ratios(size))) for name, size in SIZES.items()]
    headers = ("model", "virtual / bare", "FakeTensorMode / bare", "bare ms")
    print(tabulate(rows, headers=headers, disable_numparse=True))


if __name__ == "__main__":
    main()
