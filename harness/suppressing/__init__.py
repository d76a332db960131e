"""Suppressing: findings that a comment or the configuration accepts do not count, and are listed."""

from .applying import CHECK, applied
from .configured import configured
from .merging import reconciled, united

__all__ = ["CHECK", "applied", "configured", "reconciled", "united"]
