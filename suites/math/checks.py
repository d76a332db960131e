"""The checks of the math suite, in the order in which they run."""

from ...harness.check import Check
from .forward import FORWARD
from .generate import GENERATE
from .padding import PADDING

CHECKS: tuple[Check, ...] = (FORWARD, GENERATE, PADDING)
