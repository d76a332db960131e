"""Device words: from what a user types (`cuda:1`, `real:mps`) to the devices that cells run on."""

import re
from collections.abc import Iterable

from .device import Device
from .errors import UsageError

KINDS = ("cpu", "cuda", "mps", "xpu")

# `cuda:1` is in the default because only a second card tells "on the model's device" from "on cuda:0".
CHECK_DEVICES = ("cpu", "cuda", "cuda:1", "mps")
RUN_DEVICES = ("cpu", "cuda", "mps")

_WORD = re.compile(r"(?:(?P<reality>real|virtual):)?(?P<kind>cpu|cuda|mps|xpu)(?::(?P<index>\d{1,2}))?")
_KNOWN = "cpu, cuda, cuda:1, mps, xpu, each also as real:... or virtual:..."


def split(words: str) -> tuple[str, ...]:
    """The words of a comma-separated list, without blanks."""
    return tuple(word for word in (part.strip() for part in words.split(",")) if word)


def resolve(word: str) -> Device:
    """The device that a word means on this machine: real where it is present, virtual otherwise.

    `real:cuda` is real even where it is absent: `absence` then says why it cannot be stood on.
    Raises `UsageError` for a word that names no device.
    """
    reality, kind, index = _parse(word)
    device = Device(kind=kind, index=index)
    if kind == "cpu" or reality == "real" or (reality is None and not _is_absent(device)):
        return device
    return Device(kind=kind, index=index, virtual=True)


def resolve_all(words: Iterable[str]) -> tuple[Device, ...]:
    """The devices of several words in their order, each once. Raises `UsageError` where there are none."""
    devices = tuple(dict.fromkeys(resolve(word) for word in words))
    if not devices:
        raise UsageError(f"no device is named: give at least one of {_KNOWN}")
    return devices


def within(words: Iterable[str], allowed: Iterable[str] | None) -> tuple[str, ...]:
    """Those of `words` that name a device of `allowed`, each device once; all of them where that is None."""
    known = {resolve(word): word for word in words}
    wanted = known if allowed is None else set(map(resolve, allowed))
    return tuple(word for device, word in known.items() if device in wanted)


def refuse_unknown(words: Iterable[str]) -> None:
    """Raise `UsageError` for a word that names no device; cheap, since it asks nothing of the machine."""
    for word in words:
        _parse(word)


def absence(device: Device) -> str | None:
    """Why a real device cannot be used on this machine; None where it can, and for every virtual one."""
    if device.virtual or not _is_absent(device):
        return None
    return f"no real {device.name} on this machine"


def virtual_session(word: str) -> tuple[str, int]:
    """Kind and count of devices of the word of `pytest --virtual`: `cuda`, `cuda:2` (two of them), `mps`."""
    kind, _, count = word.partition(":")
    is_count = word == kind or (kind != "mps" and re.fullmatch(r"[1-9]\d?", count))
    if kind not in ("cuda", "mps", "xpu") or not is_count:
        raise UsageError(f"unknown virtual device {word!r}: give cuda, cuda:N for N of them, mps, or xpu")
    return kind, int(count or 1)


def is_required_met(word: str, devices: Iterable[Device]) -> bool:
    """True where one of `devices` is what `--require WORD` asks for; a plain word takes real and virtual alike."""
    reality, kind, index = _parse(word)
    return any((device.kind, device.index) == (kind, index) and reality in (None, device.reality) for device in devices)


def _parse(word: str) -> tuple[str | None, str, int]:
    match = _WORD.fullmatch(word)
    if match is None:
        raise UsageError(f"unknown device {word!r}: known are {_KNOWN}")
    reality, kind, index = match["reality"], match["kind"], match["index"]
    if kind in ("cpu", "mps") and int(index or 0) > 0:
        raise UsageError(f"unknown device {word!r}: there is only one {kind}")
    if kind == "cpu" and reality == "virtual":
        raise UsageError(f"unknown device {word!r}: the CPU is always real")
    return reality, kind, int(index or 0)


def _is_absent(device: Device) -> bool:
    return device.index >= _count(device.kind)


def _count(kind: str) -> int:
    if kind == "cpu":
        return 1
    from .virtual import hardware  # late: torch, without which `samedevice --help` and the pytest plugin know words

    return hardware.count(kind)
