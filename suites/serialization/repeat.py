"""Are the files the same, byte for byte, when the same model is saved again?

Nothing is wrong where the answer is no: a checksum of the file then says nothing of the weights. It is a note, and
names the first thing that differs.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ...harness.check import Check
from ...harness.device import Device
from ...harness.errors import NotApplicable
from ...harness.finding import Finding, Severity
from ...harness.formats import natural
from ...harness.measure import Measure
from ...harness.roundtrip import take
from ...harness.roundtrip.contents import differences
from ...harness.roundtrip.quiet import quiet
from ...harness.target import Target


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    if device.kind != "cpu":
        raise NotApplicable("bytes do not depend on the device: asked on the CPU alone")
    hand = take(target, device)
    fmt = natural(hand.model)
    with TemporaryDirectory(prefix="samedevice-") as folder, quiet():
        one, two = Path(folder) / "one", Path(folder) / "two"
        for place in (one, two):
            place.mkdir()
            fmt.save(hand.model, place)
        files, gaps = differences(one, two)
    yield Measure(name="same_files", value=files - len(gaps), of=files)
    for name, gap in gaps.items():
        yield differing(name, f"is not the same when the model is saved again: {gap} ({fmt.title})")


def differing(name: str, how: str) -> Finding:
    """The note on one file."""
    return Finding(
        code="SD516",
        severity=Severity.NOTE,
        subject=name,
        message=f"`{name}` {how}",
        hint="compare tensors, or their digests, and not files",
    )


BYTES = Check(
    name="bytes",
    title="Bytes",
    question="Are the files the same, byte for byte, when the same model is saved again?",
    run=_run,
)
