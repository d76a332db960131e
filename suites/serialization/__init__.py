"""Serialization: does a model come back from disk as it was?"""

from ...harness.suite import Suite
from .formats import IN_FORMATS, SAFE
from .repeat import BYTES
from .roundtrip import ROUNDTRIP
from .targets import targets

# What applies to anybody's model, on the command line as `--checks roundtrip`.
CHECKS = (ROUNDTRIP,)
SUITE = Suite(name="serialization", title="Every model to disk and back", targets=targets, checks=(*SAFE, BYTES))

__all__ = ["CHECKS", "IN_FORMATS", "SUITE"]
