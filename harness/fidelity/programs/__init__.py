"""Programs: small uses of PyTorch's public API; a function's parameters say which device each operand is on."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from . import (
    answers,
    copies,
    feeding,
    generators,
    gradients,
    host,
    indexing,
    joining,
    layers,
    layouts,
    losses,
    optimizers,
    recurrent,
    saving,
    scalars,
    surroundings,
    wrapping,
)

# To add a program: write it in one of these files and name it in that file's PROGRAMS.
FILES: tuple[ModuleType, ...] = (
    generators,
    indexing,
    copies,
    scalars,
    joining,
    layers,
    recurrent,
    losses,
    gradients,
    optimizers,
    layouts,
    host,
    surroundings,
    saving,
    answers,
    feeding,
    wrapping,
)

# By `<file>/<function>`. A parameter is a device word, `cpu` or the device's.
# A program returns any nest of tensors and values.
PROGRAMS: dict[str, Callable[..., Any]] = {
    f"{file.__name__.rpartition('.')[2]}/{program.__name__}": program for file in FILES for program in file.PROGRAMS
}
