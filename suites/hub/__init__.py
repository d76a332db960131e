"""Hub: does a model that is pushed come back as it was?"""

from .hub import HUB

# Asked by name alone: it starts a server and other processes.
CHECKS = (HUB,)

__all__ = ["CHECKS"]
