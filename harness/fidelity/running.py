"""Running one case with its operands in one placement, on a real device or a virtual one."""

import random
import re
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from ..device import Device
from ..virtual import virtual
from .case import Case
from .row import Ending, Outcome

LONGEST_MESSAGE = 400
# Where a kernel asserted, every later call of the process fails with the same words.
_SPOILING = re.compile(r"(CUDA|HIP|XPU) error|device-side assert|unspecified launch failure")


def standing(device: Device) -> AbstractContextManager[Any]:
    """A context in which the device can be used."""
    return virtual(device.kind, count=device.index + 1) if device.virtual else nullcontext()


def outcome(case: Case, placement: str, device: Device) -> Outcome:
    """Call once. Whatever the call raises is the outcome; errors that a real device reports late are waited for."""
    random.seed(0)
    torch.manual_seed(0)
    try:
        value = case.call([device.name if letter == "d" else "cpu" for letter in placement])
        settle(device)
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        message = re.sub(r"0x[0-9a-fA-F]+", "0x…", lines[0])[:LONGEST_MESSAGE]
        return Outcome(ending=Ending.RAISED, error=type(error).__name__, message=message)
    return Outcome(ending=Ending.ALLOWED, results=tuple(_described(leaf) for leaf in tree_leaves(value)))


def settle(device: Device) -> None:
    """Wait until a real device has done all that it was asked, so that an error belongs to the call that made it."""
    if not device.virtual:
        indices = () if device.kind == "mps" else (device.index,)
        getattr(torch, device.kind).synchronize(*indices)


def is_spoiled(found: Outcome, device: Device) -> bool:
    """True where the process can no longer use its real device."""
    if device.virtual or found.ending is not Ending.RAISED:
        return False
    try:
        settle(device)
    except Exception:  # what else a broken driver raises; that it raises is the answer
        return True
    return bool(_SPOILING.search(found.message))


def model_name(device: Device) -> str:
    """What the device is called by its maker, as far as PyTorch knows."""
    if device.virtual:
        return "virtual"
    if device.kind == "mps":
        import platform

        return f"{platform.processor()} {platform.machine()}, macOS {platform.mac_ver()[0]}"
    return str(getattr(torch, device.kind).get_device_name(device.index))


def _described(leaf: Any) -> str:
    if isinstance(leaf, Tensor):
        return f"{str(leaf.dtype).removeprefix('torch.')}@{leaf.device}"
    if isinstance(leaf, torch.device):
        return f"device {leaf}"
    # Not floats: two devices may round differently.
    return f"{type(leaf).__name__} {leaf}" if isinstance(leaf, bool | int | str | torch.dtype) else type(leaf).__name__
