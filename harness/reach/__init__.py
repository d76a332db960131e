"""Everything reachable from a model: each tensor once, with the path to it, who holds it, and what to type."""

from .reached import How, Limits, Reached
from .walk import Reach, reach

__all__ = ["How", "Limits", "Reach", "Reached", "reach"]
