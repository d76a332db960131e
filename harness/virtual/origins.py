"""Origins: the line of the program that made a tensor.

Recorded as a code object and an instruction offset, which is cheap; turned into a line when someone asks.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from enum import Enum, auto
from types import CodeType, FrameType

import torch

from ..finding import Location
from .labels import Label

_TORCH = os.path.dirname(torch.__file__) + os.sep
_VIRTUAL = os.path.dirname(os.path.abspath(__file__)) + os.sep
_HARNESS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
# Libraries that reshape and read tensors for others, who are asked where they got them.
_TOOLS = tuple(f"{os.sep}site-packages{os.sep}{name}{os.sep}" for name in ("einops", "opt_einsum", "safetensors"))
_LIBRARY = sysconfig.get_path("stdlib") + os.sep
_SUITES = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "suites") + os.sep


class _Side(Enum):
    """Whose code it is: the program's, PyTorch's machinery or ours in between, or the harness that runs the program."""

    PROGRAM = auto()
    MACHINERY = auto()
    HARNESS = auto()


_SIDES: dict[CodeType, _Side] = {}


def _side(code: CodeType) -> _Side:
    known = _SIDES.get(code)
    if known is None:
        file = code.co_filename
        # PyTorch makes code of its own from strings ("<eval_with_key>", "<string>"): no line to show.
        known = _Side.MACHINERY if file.startswith((_TORCH, _VIRTUAL, "<")) else _Side.PROGRAM
        # `copy.deepcopy` and the like
        if (file.startswith(_LIBRARY) and "-packages" not in file) or any(tool in file for tool in _TOOLS):
            known = _Side.MACHINERY
        if file.startswith((_HARNESS, _SUITES)) and known is _Side.PROGRAM:
            known = _Side.HARNESS
        _SIDES[code] = known
    return known


def user_frame(start: FrameType | None = None) -> FrameType | None:
    """The innermost frame of the program; None where the harness itself acts, or in a bare autograd thread.

    A frame to `start` from is for code of the harness that stands between the program and PyTorch.
    """
    frame: FrameType | None = start or sys._getframe(1)
    while frame is not None and (side := _side(frame.f_code)) is not _Side.PROGRAM:
        if side is _Side.HARNESS:
            return None
        frame = frame.f_back
    return frame


def stamp(label: Label) -> Label:
    """Note on a label the program line that is running now."""
    frame = user_frame()
    if frame is not None:
        label.code = frame.f_code
        label.lasti = frame.f_lasti
    return label


def locate(code: CodeType | None, lasti: int) -> Location | None:
    """The source line of an instruction."""
    if code is None:
        return None
    line = None
    for start, end, number in code.co_lines():
        if start <= lasti < end and number is not None:
            line = number
    return Location(file=code.co_filename, line=line if line is not None else code.co_firstlineno)


def origin(label: Label | None) -> Location | None:
    """The line that made what the label is on; None where it was made before anyone watched."""
    return None if label is None else locate(label.code, label.lasti)


def here(start: FrameType | None = None) -> Location | None:
    """The program line that is running now, or that is on its way in the frame to `start` from."""
    frame = user_frame(start) if start is not None else user_frame()
    return None if frame is None else locate(frame.f_code, frame.f_lasti)
