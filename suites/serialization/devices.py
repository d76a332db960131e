"""Does a model that was saved on one device load on another, and on the same one, as it was, and answer the same?

Where the answer is no, a checkpoint from the training machine does not load on a laptop, a part of it stays where it
was written, or the same files compute something else there.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from torch import nn

from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.formats import Format
from ...harness.formats.pretrained import MAPPED, PRETRAINED
from ...harness.measure import Measure
from ...harness.observing import observe
from ...harness.roundtrip import Hand
from ...harness.roundtrip.losses import losses
from ...harness.roundtrip.quiet import quiet
from ...harness.roundtrip.running import seeded
from ...harness.roundtrip.state import entries
from .elsewhere import At
from .ties import parted


def across(hand: Hand, fmt: Format, device: Device) -> Iterator[Finding | Measure]:
    """Save on the device, load on it and on the CPU; where the library can, also with a device map."""
    for one, other in hand.parted:
        yield parted(one, other, f"after `.to({device.name!r})`", "let `_apply` change parameters in place")
    trips, answers = 0, 0
    readers = (fmt, MAPPED) if fmt is PRETRAINED and MAPPED.applies(hand.model) else (fmt,)
    asked = At(hand=hand, device=device)
    with TemporaryDirectory(prefix="samedevice-") as folder, quiet():
        saved = observe(hand.model, lambda: fmt.save(hand.model, Path(folder)))
        yield from saved.findings
        for reader in readers:
            both: dict[str, nn.Module | Exception] = {}
            for place in (device.name, "cpu"):
                trips += 1
                loaded = _loaded(hand, reader, Path(folder), place)
                yield from _arrived(hand, reader, loaded, place)
                both[place] = loaded
            there, here = both.values()
            if isinstance(here, nn.Module) and isinstance(there, nn.Module) and asked.can_be_fed:
                answers += 1
                yield from asked.compared(reader, here, there)
    yield Measure(name="loads_across_devices", value=trips)
    yield Measure(name="answers_across_devices", value=answers)


def _arrived(hand: Hand, fmt: Format, loaded: nn.Module | Exception, place: str) -> Iterator[Finding]:
    if isinstance(loaded, Exception):
        message = f"saved on {_home(hand.model)}, the model does not load on {place} ({fmt.title}): {loaded}"
        yield Finding(code="SD514", subject=type(hand.model).__name__, message=message)
        return
    strays = [entry for entry in entries(loaded) if not _is_at(str(entry.tensor.device), place)]
    for entry in strays[:4]:
        message = f"loaded for {place}, `{entry.name}` is on {entry.tensor.device} ({fmt.title})"
        yield Finding(code="SD514", subject=entry.name, message=message, hint="give map_location or device_map")
    for loss in losses(hand.model, loaded)[:4]:
        message = f"saved on {_home(hand.model)} and loaded on {place}, {loss.message} ({fmt.title})"
        yield Finding(code="SD514", subject=loss.name, message=message)


def _loaded(hand: Hand, fmt: Format, folder: Path, place: str) -> nn.Module | Exception:
    refused: Exception = RuntimeError("there is no way to load it")
    for origin in hand.origins(fmt).values():
        try:
            with seeded():
                return fmt.load(folder, origin, place)
        # Each way may be refused, in any words; the last refusal is the finding.
        except Exception as error:
            refused = error
    return refused


def _home(model: nn.Module) -> str:
    return next((str(entry.tensor.device) for entry in entries(model)), "cpu")


def _is_at(device: str, place: str) -> bool:
    return device == place or device.partition(":")[0] == place
