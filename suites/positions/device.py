"""Is everything that an encoding holds and makes on its device?

The bug of the seeds, in all eight methods: a parameter, table or slope stayed on the CPU, and the first batch on
a GPU ended in "Expected all tensors to be on the same device".
"""

from collections.abc import Iterator
from copy import deepcopy
from functools import partial

from torch import Tensor, nn

from ...harness.check import Check
from ...harness.device import Device
from ...harness.finding import Finding
from ...harness.measure import Measure
from ...harness.target import Target
from .feed import cast, encode, feed, pattern, span
from .trial import encoding_on, once, tried

LENGTH = 16


def _run(target: Target, device: Device) -> Iterator[Finding | Measure]:
    like = pattern(target)
    encoding = encoding_on(target, device)
    found: list[Finding] = []
    arguments = feed(like, span(0, LENGTH))
    stages = (
        ("to()", encoding, device.name),
        ("deepcopy()", deepcopy(encoding), device.name),
        ("the way back to the CPU", deepcopy(encoding).to("cpu"), "cpu"),
    )
    for stage, module, place in stages:
        _state(module, stage, place, found)
        outputs = tried(module, f"inputs after {stage}", partial(encode, module, cast(arguments, device=place)), found)
        for index, output in enumerate(outputs or ()):
            _elsewhere(f"output {index}", output, stage, place, "SD107", found)
    yield from once(found)


def _state(module: nn.Module, stage: str, place: str, found: list[Finding]) -> None:
    for name, parameter in module.named_parameters():
        _elsewhere(name, parameter, stage, place, "SD101", found)
    for name, buffer in module.named_buffers():
        _elsewhere(name, buffer, stage, place, "SD102", found)
    for path, part in module.named_modules():
        for name, value in vars(part).items():
            if isinstance(value, Tensor):
                _elsewhere(f"{path}.{name}".strip("."), value, stage, place, "SD103", found)


def _elsewhere(name: str, tensor: Tensor, stage: str, place: str, code: str, found: list[Finding]) -> None:
    if str(tensor.device) != place:
        message = f"after {stage} {name} is on {tensor.device}, expected {place}"
        found.append(Finding(code=code, subject=name, message=message))


DEVICE = Check(
    name="device",
    title="Device",
    question="Is everything that an encoding holds and makes on its device, after a move and a copy too?",
    run=_run,
)
