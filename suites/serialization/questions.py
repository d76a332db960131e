"""The questions of a round trip, in the order in which they are asked."""

from ...harness.roundtrip import Question
from .arguments import ARGUMENTS
from .attributes import ATTRIBUTES
from .buffers import BUFFERS
from .config import CONFIG
from .flags import FLAGS
from .outputs import OUTPUTS
from .process import PROCESS
from .refusals import REFUSALS
from .state import STATE
from .ties import TIES

HERE: tuple[Question, ...] = (REFUSALS, STATE, BUFFERS, CONFIG, ATTRIBUTES, ARGUMENTS, TIES, OUTPUTS, FLAGS)

__all__ = ["HERE", "PROCESS"]
