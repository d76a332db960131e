"""Are the headers of every file sound, and what would loading it run?"""

from collections.abc import Iterator

from ...finding import Finding
from ..snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """What was found while each file of tensors or pickles was read."""
    for contents in snapshot.contents.values():
        yield from contents.findings
