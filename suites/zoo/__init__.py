"""The zoo: a tiny model of every architecture of the installed transformers."""

from ...harness.suite import Suite
from .checks import CHECKS
from .targets import targets

SUITE = Suite(name="zoo", title="Every architecture of transformers, tiny", targets=targets, checks=CHECKS)

__all__ = ["CHECKS", "SUITE"]
