"""One check for each format, named after it: the same round trip in another library's files."""

from ...harness.check import Check
from ...harness.formats import FORMATS
from .roundtrip import in_format

IN_FORMATS: tuple[Check, ...] = tuple(in_format(fmt) for fmt in FORMATS)

# A pickle of a module is unsafe to read, whatever comes back: it is asked by name only.
SAFE: tuple[Check, ...] = tuple(in_format(fmt) for fmt in FORMATS if not fmt.unsafe)
