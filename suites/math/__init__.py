"""The math suite: twenty problems for every position encoding on every backbone."""

from ...harness.suite import Suite
from .checks import CHECKS
from .methods import reasoners

SUITE = Suite(name="math", title="Twenty math problems", targets=reasoners, checks=CHECKS)
