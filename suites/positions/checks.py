"""The checks of the positions suite, in the order in which they run."""

from ...harness.check import Check
from .cache import CACHE
from .device import DEVICE
from .dtype import DTYPE
from .gradient import GRADIENT
from .lengths import LENGTHS
from .padding import PADDING
from .shift import SHIFTED

CHECKS: tuple[Check, ...] = (DEVICE, LENGTHS, GRADIENT, PADDING, CACHE, SHIFTED, DTYPE)
