"""The zoo: a tiny model of every architecture of the installed transformers."""

from ...harness import catalog
from ...harness.suite import Suite
from .targets import targets

# The very checks of `samedevice check`, found by name: the zoo has none of its own.
CHECKS = catalog.checks(("forward", "placement", "roundtrip"))
SUITE = Suite(name="zoo", title="Every architecture of transformers, tiny", targets=targets, checks=CHECKS)

__all__ = ["CHECKS", "SUITE"]
