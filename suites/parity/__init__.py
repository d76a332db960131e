"""Parity: does the model answer the same elsewhere, again, and in another precision?"""

from .determinism import DETERMINISM
from .dtypes import DTYPES
from .parity import PARITY

CHECKS = (DTYPES, PARITY, DETERMINISM)

__all__ = ["CHECKS"]
