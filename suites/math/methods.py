"""Whom the math suite asks: every method of the seeds on every backbone."""

from ...harness.target import Target
from ...models.backbones import BACKBONES
from ...models.targets import reasoner_target

METHODS = (
    "rope",
    "mathematical_rope",
    "long_sequence_rope",
    "sinusoidal",
    "t5_relative",
    "diet",
    "alibi",
    "math_adaptive",
)


def reasoners() -> tuple[Target, ...]:
    """A small reasoner with fixed random weights for each method and backbone."""
    return tuple(reasoner_target(method, backbone) for backbone in BACKBONES for method in METHODS)
