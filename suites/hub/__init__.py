"""Hub: does a model that is pushed come back as it was?"""

from ...harness.suite import Suite
from .card import CARD
from .failures import DEATH, INTERRUPTED, REFUSALS
from .hub import HUB
from .targets import targets
from .ways import LFS, WAYS

# Asked by name alone: it starts a server and other processes.
CHECKS = (HUB,)
SUITE = Suite(
    name="hub",
    title="Every model to a Hub and back",
    targets=targets,
    checks=(HUB, WAYS, LFS, CARD, REFUSALS, INTERRUPTED, DEATH),
    is_shared=True,
)

__all__ = ["CHECKS", "SUITE"]
