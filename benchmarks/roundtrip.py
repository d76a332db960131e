"""What a round-trip check costs, beside the bare save, load and two forwards of the same model, in one process.

    python benchmarks/roundtrip.py [ROUNDS]

GPT-2 of about 100 million parameters, 256 tokens, in turns; prints the median of the paired ratios, the time of the
fresh interpreter apart. Both sides start with the model built. Times are never compared across runs or machines.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import torch
from tabulate import tabulate
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from samedevice.harness.check import Check
from samedevice.harness.device import Device
from samedevice.harness.engine import run
from samedevice.harness.formats import Format, Origin, named
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.suites.serialization.roundtrip import ROUNDTRIP, in_format

CPU = Device(kind="cpu")
CONFIG = {"n_layer": 12, "n_embd": 768, "n_head": 12, "vocab_size": 20000, "bos_token_id": 1, "eos_token_id": 2}
TOKENS = 256


def build() -> GPT2LMHeadModel:
    """The model."""
    return GPT2LMHeadModel(GPT2Config(**CONFIG)).eval()


def inputs() -> dict[str, torch.Tensor]:
    """What it is fed."""
    return {"input_ids": torch.arange(3, 3 + TOKENS).unsqueeze(0)}


def seconds(act: Callable[[], object]) -> float:
    """How long it takes."""
    started = perf_counter()
    act()
    return perf_counter() - started


def bare(model: GPT2LMHeadModel, fmt: Format) -> None:
    """Save, load, and call both once: what somebody who only wants to see equal logits does."""
    with TemporaryDirectory() as folder, torch.no_grad():
        fmt.save(model, Path(folder))
        again = fmt.load(Path(folder), Origin(cls=type(model), fresh=build), "cpu").eval()
        assert torch.equal(model(**inputs()).logits, again(**inputs()).logits)


def checked(model: GPT2LMHeadModel, fmt: Format, name: str) -> None:
    """The whole check of one format, in this process; it must pass."""
    made = iter([model])
    # The first build is the model in hand, those after it are new ones, as a factory makes them.
    target = Target(name=name, build=lambda: next(made, None) or build(), inputs=inputs)
    passed(target, in_format(fmt))


def fresh() -> float:
    """Seconds that the check takes longer with a fresh interpreter, which imports, builds, loads and answers."""
    target = Target(name="gpt2", build=build, inputs=inputs, address=(f"{__file__}:build", None))
    both = seconds(lambda: passed(target, ROUNDTRIP))
    return both - seconds(lambda: passed(target, in_format(named("pretrained"))))


def passed(target: Target, check: Check) -> None:
    """Run one check, which must pass: what was not done must not look fast."""
    (result,) = run([Cell(target=target, device=CPU, check=check)])
    assert result.status is Status.PASS, (result.reason, result.findings)


def main() -> None:
    """Print the table."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    torch.set_num_threads(1)
    model = build()
    rows = []
    for name in ("pretrained", "state_dict"):
        fmt = named(name)
        pairs = [
            (seconds(lambda fmt=fmt: bare(model, fmt)), seconds(lambda fmt=fmt, name=name: checked(model, fmt, name)))
            for _ in range(rounds + 1)
        ][1:]
        rows.append((name, median(b / a for a, b in pairs), median(a for a, _ in pairs), median(b for _, b in pairs)))
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {TOKENS} tokens, {rounds} rounds")
    print(tabulate(rows, headers=("format", "check / bare", "bare s", "check s"), floatfmt=".2f"))
    print(f"a fresh interpreter adds {fresh():.1f} s")


if __name__ == "__main__":
    main()
