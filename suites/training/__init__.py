"""The trainings, and the suite that runs each of them for a few steps on every device."""

from ...harness.suite import Suite
from .doors import DIFFUSION, MATH, QA
from .recipes import trainings
from .train import TRAIN

SUITE = Suite(name="training", title="Trainings", targets=trainings, checks=(TRAIN,))

__all__ = ["DIFFUSION", "MATH", "QA", "SUITE"]
