"""The audit of a checkpoint before anyone loads it. Free of torch: headers are read, and nothing is run."""

from .directory import audit, findings, measures
from .surveying import Survey, survey
from .verifying import verify

__all__ = ["Survey", "audit", "findings", "measures", "survey", "verify"]
