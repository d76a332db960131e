"""The positions suite: every position encoding alone."""

from ...harness.suite import Suite
from ...models.targets import encoding_targets
from .checks import CHECKS

SUITE = Suite(name="positions", title="Position encodings alone", targets=encoding_targets, checks=CHECKS)
