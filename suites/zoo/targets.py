"""Whom the zoo asks: every architecture of the installed transformers, by its model type."""

from dataclasses import replace

from ...harness.recipe import recipe
from ...harness.target import Target


def targets() -> tuple[Target, ...]:
    """One recipe for each model type; none of them is built."""
    from .architectures import model_types

    return tuple(_target(model_type) for model_type in model_types())


def _target(model_type: str) -> Target:
    from .models import identifier
    from .recipes import build

    made = recipe(model_type, lambda: build(model_type))
    return replace(made, address=(f"{__package__}.models:{identifier(model_type)}", None))
