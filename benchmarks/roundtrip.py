"""What a round-trip check costs, beside the bare save, load and two forwards of the same model, in one process.

    python benchmarks/roundtrip.py [ROUNDS]

GPT-2 of about 100 million parameters, 256 tokens, in turns; prints the median of the paired ratios, the time of the
fresh interpreter apart. Building the model in hand is subtracted from both. Times are processor
times but for the interpreter's, and never compared across runs.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

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


def seconds(act: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """How long it takes, by default in time of the processor, which does not depend on what else is running."""
    started = clock()
    act()
    return clock() - started


def bare(fmt: Format) -> None:
    """Build, save, load, and call both once: what somebody who only wants to see equal logits does."""
    model = build()
    with TemporaryDirectory() as folder, torch.no_grad():
        fmt.save(model, Path(folder))
        again = fmt.load(Path(folder), Origin(cls=type(model), fresh=build), "cpu").eval()
        assert torch.equal(model(**inputs()).logits, again(**inputs()).logits)


def fresh() -> float:
    """Seconds that the check takes longer with a fresh interpreter, which imports, builds, loads and answers."""
    in_this = seconds(lambda: passed(in_format(named("pretrained"))), perf_counter)
    return seconds(lambda: passed(ROUNDTRIP), perf_counter) - in_this


def passed(check: Check) -> None:
    """Build the model and run one check, which must pass: what was not done must not look fast."""
    target = Target(name="gpt2", build=build, inputs=inputs, address=(f"{__file__}:build", None))
    (result,) = run([Cell(target=target, device=CPU, check=check)])
    assert result.status is Status.PASS, (result.reason, result.findings)


def turn(fmt: Format) -> tuple[float, float]:
    """Seconds of the bare way and of the check, without those that building the model in hand takes."""
    building = seconds(build)
    return seconds(lambda: bare(fmt)) - building, seconds(lambda: passed(in_format(fmt))) - building


def main() -> None:
    """Print the table."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    torch.set_num_threads(1)
    rows = []
    for name in ("pretrained", "state_dict"):
        fmt = named(name)
        rounds_of = [turn(fmt) for _ in range(rounds + 1)][1:]
        rows.append(
            (name, median(b / a for a, b in rounds_of), *(median(side) for side in zip(*rounds_of, strict=True)))
        )
    print(f"{sum(p.numel() for p in build().parameters()):,} parameters, {TOKENS} tokens, {rounds} rounds")
    print(tabulate(rows, headers=("format", "check / bare", "bare CPU s", "check CPU s"), floatfmt=".2f"))
    print(f"a fresh interpreter adds {fresh():.1f} s")


if __name__ == "__main__":
    main()
