"""Recall by planting: how many strays does a virtual device find and name, and how many does FakeTensorMode find?

    python benchmarks/recall.py [PLANTS]

In each of the architectures of tests/harness/virtual/test_architectures.py, PLANTS random parameters (3 without a
number), one at a time, are turned into plain attributes, so that `.to()` misses them, and the forward runs on virtual
`cuda`. FakeTensorMode does the same work where it can: since `.to("cuda")` fails in it on a CPU build, the models are
made on a fake `cuda`.
"""

import random
import re
import runpy
import sys
from pathlib import Path

import torch
import transformers
from tabulate import tabulate
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from samedevice.harness.device import Device
from samedevice.harness.stage import standing
from samedevice.harness.target import Target
from samedevice.models.strays import unregistered
from samedevice.suites.placement.forward import FORWARD

ZOO = runpy.run_path(str(Path(__file__).parents[1] / "tests/harness/virtual/test_architectures.py"))
CUDA = Device(kind="cuda", virtual=True)


def build(name: str) -> nn.Module:
    """A tiny model of an architecture."""
    architecture, config, options = ZOO["ARCHITECTURES"][name]
    torch.manual_seed(0)
    model: nn.Module = getattr(transformers, architecture)(getattr(transformers, config)(**options)).eval()
    return model


def called(name: str) -> list[str]:
    """The parameters that a forward needs: those that a backward reaches."""
    model = build(name)
    outputs = ZOO["tensors"](model.train()(**ZOO["inputs"](name, "cpu")))
    sum(value.float().sum() for value in outputs if value.requires_grad).backward()
    return [path for path, parameter in model.named_parameters() if parameter.grad is not None]


def plant(model: nn.Module, path: str) -> nn.Module:
    """Turn one parameter into a plain attribute."""
    owner, _, attribute = path.rpartition(".")
    unregistered(model.get_submodule(owner), attribute)
    return model


def dotted(subject: str) -> str:
    """A subject as `named_parameters()` spells it: `h.0.weight` for `h[0].weight`."""
    return re.sub(r"\[(\d+)\]", r".\1", subject)


def on_virtual(name: str, path: str | None) -> list[str]:
    """The subjects of what the check `forward` finds."""
    target = Target(
        name=name,
        build=lambda: build(name) if path is None else plant(build(name), path),
        inputs=lambda: ZOO["inputs"](name, "cpu"),
    )
    with standing(CUDA):
        return [item.subject for item in FORWARD.run(target, CUDA) if hasattr(item, "subject")]


def on_fake(name: str, path: str | None) -> str:
    """What FakeTensorMode says: `refused`, `silent`, or `cannot run` where it stops for another reason."""
    try:
        with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
            with torch.device("cuda"):
                model = build(name)
            if path is not None:
                owner, _, attribute = path.rpartition(".")
                held = plant(model, path).get_submodule(owner).__dict__
                held[attribute] = torch.zeros_like(held[attribute], device="cpu")
            batch = {k: torch.empty_like(v, device="cuda") for k, v in ZOO["inputs"](name, "cpu").items()}
            model(**batch)
    except Exception as error:  # whatever it stops with is the answer
        return "refused" if "device" in str(error) and path is not None else "cannot run"
    return "silent"


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    plants = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    rows = []
    for name in ZOO["ARCHITECTURES"]:
        chosen = random.Random(name).sample(sorted(called(name)), plants)
        false = len(on_virtual(name, None))
        found = [on_virtual(name, path) for path in chosen]
        named = sum(path in map(dotted, subjects) for path, subjects in zip(chosen, found, strict=True))
        runs = on_fake(name, None)
        fakes = [on_fake(name, path) for path in chosen] if runs == "silent" else []
        fake = f"{fakes.count('refused')}/{plants}" if fakes else "cannot run"
        rows.append((name, f"{sum(map(bool, found))}/{plants}", f"{named}/{plants}", false, fake))
    headers = ("architecture", "found", "named", "found unplanted", "FakeTensorMode found")
    print(tabulate(rows, headers=headers, disable_numparse=True))


if __name__ == "__main__":
    main()
