"""Whom the serialization suite asks: every position encoding alone, and on every backbone."""

from ...harness.target import Target
from ...models.targets import encoding_targets, reasoner_targets


def targets() -> tuple[Target, ...]:
    """Every model in `models/targets.py`."""
    return (*encoding_targets(), *reasoner_targets())
