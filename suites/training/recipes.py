"""The trainings that the suite runs: each for a few steps, from the same weights with the same data."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...harness.target import Target
from .outcome import Outcome

STEPS = 5
_SHORT: dict[str, Any] = {"max_steps": STEPS, "save_every": STEPS, "batch_size": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One training; `train` takes `output_dir` and `device` and returns its outcome."""

    train: Callable[..., Outcome]


def _qa(backbone: str, routing_mode: str, **where: Any) -> Outcome:
    from .qa import QAOptions, train_qa  # late: torch

    short = {**_SHORT, "datasets": ("embedded",), "max_length": 64, "late": False, "segments": 2, "experts": 2}
    return train_qa(QAOptions(backbone=backbone, routing_mode=routing_mode, **short, **where))


def _math(position_encoding: str, **where: Any) -> Outcome:
    from .math import train_math  # late: torch
    from .options import TrainingOptions

    return train_math(TrainingOptions(position_encoding=position_encoding, **_SHORT, **where))


def _diffusion(corruption: str, **where: Any) -> Outcome:
    from .diffusion_run import DiffusionRun, train_diffusion  # late: torch

    return train_diffusion(DiffusionRun(corruption=corruption, max_steps=STEPS, batch_size=4, **where))


RECIPES: dict[str, Recipe] = {
    "math_rope": Recipe(train=partial(_math, "rope")),
    "math_alibi": Recipe(train=partial(_math, "alibi")),
    "qa_memxlnet": Recipe(train=partial(_qa, "memxlnet", "write-based")),
    "qa_gmmxlnet_write": Recipe(train=partial(_qa, "gmmxlnet", "write-based")),
    "qa_gmmxlnet_read": Recipe(train=partial(_qa, "gmmxlnet", "read-based")),
    "diffusion_absorbing": Recipe(train=partial(_diffusion, "absorbing")),
    "diffusion_uniform": Recipe(train=partial(_diffusion, "uniform")),
}


def trainings() -> tuple[Target, ...]:
    """Each recipe as a target; what it builds is the trained model."""
    return tuple(Target(name=name, build=partial(_built, name)) for name in RECIPES)


def _built(name: str) -> Any:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return RECIPES[name].train(output_dir=folder, device="cpu").model
