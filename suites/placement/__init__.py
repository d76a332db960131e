"""Placement: is everything where it should be, and does it stay there?"""

from ...harness.suite import Suite
from .backward import BACKWARD
from .forward import FORWARD
from .generate import GENERATE
from .memory import MEMORY
from .moves import MOVES
from .placement import PLACEMENT
from .step import STEP
from .subjects import subjects
from .transfers import TRANSFERS

CHECKS = (PLACEMENT, FORWARD, BACKWARD, STEP, GENERATE, MOVES, TRANSFERS, MEMORY)
SUITE = Suite(name="placement", title="Placement of every model in models/", targets=subjects, checks=CHECKS)

__all__ = ["CHECKS", "SUITE"]
