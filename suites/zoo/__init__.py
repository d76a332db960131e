"""The zoo: a tiny model of every architecture of the installed transformers."""

from ...harness.suite import Suite
from .checks import CHECKS
from .plant import PLANT
from .quietly import quietly
from .targets import targets

SUITE = Suite(
    name="zoo",
    title="Every architecture of transformers, tiny",
    targets=targets,
    checks=CHECKS,
    planted="zoo-planted",
)
PLANTED = Suite(
    name="zoo-planted",
    title="The zoo with a stray tensor in every model",
    targets=targets,
    checks=(quietly(PLANT),),
)

__all__ = ["CHECKS", "PLANTED", "SUITE"]
