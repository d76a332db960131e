"""Example inputs: what to feed a model that came without any, made from its config and its signature."""

from .making import example_inputs

__all__ = ["example_inputs"]
