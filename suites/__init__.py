"""The suites: what `samedevice run` asks of which targets, and `ModelSuite`, all of it for a model of yours."""

from ..harness.model_suite import ModelSuite

__all__ = ["ModelSuite"]
