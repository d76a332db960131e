"""Profiles: well-known machines, as PyTorch describes them."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import UsageError

GIB = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A machine: `count` devices of a kind, each with `memory` bytes for PyTorch and a compute `capability`."""

    kind: str
    count: int
    name: str
    memory: int
    capability: tuple[int, int] = (0, 0)
    processors: int = 0


# Memory is what `torch.cuda.get_device_properties(0).total_memory` says of the card, or Metal's
# recommended working set: two thirds of a 16 GB Mac's memory.
PROFILES = {
    "t4": Profile(kind="cuda", count=1, name="Tesla T4", memory=15_828_320_256, capability=(7, 5), processors=40),
    "t4x2": Profile(kind="cuda", count=2, name="Tesla T4", memory=15_828_320_256, capability=(7, 5), processors=40),
    "a100-40": Profile(
        kind="cuda", count=1, name="NVIDIA A100-SXM4-40GB", memory=42_405_855_232, capability=(8, 0), processors=108
    ),
    "h100": Profile(
        kind="cuda", count=1, name="NVIDIA H100 80GB HBM3", memory=85_045_477_376, capability=(9, 0), processors=132
    ),
    "m2-16": Profile(kind="mps", count=1, name="Apple M2", memory=16 * GIB * 2 // 3),
}
# What a device of each kind says it is where nobody has said otherwise; its memory has no end.
USUAL = {
    "cuda": PROFILES["a100-40"],
    "mps": PROFILES["m2-16"],
    "xpu": Profile(kind="xpu", count=1, name="Intel(R) Data Center GPU Max 1100", memory=48 * GIB),
}


def profile(name: str, kind: str) -> Profile:
    """The profile of a name. Raises `UsageError` for an unknown one, or one of another kind."""
    found = PROFILES.get(name)
    if found is None:
        raise UsageError(f"unknown profile {name!r}: known are {', '.join(PROFILES)}")
    if found.kind != kind:
        raise UsageError(f"profile {name!r} is a {found.kind} machine, not {kind}")
    return found
