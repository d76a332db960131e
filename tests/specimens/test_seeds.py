"""The historic bugs of the seeds: the broken twin is found with its culprit and line, the mended one is clean."""

import importlib.util
from pathlib import Path

import pytest

from samedevice.harness import engine
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.suites.placement import CHECKS
from samedevice.suites.placement.forward import FORWARD

SEEDS = Path(__file__).parent / "seeds"
STRAYS = (
    "rope_position_scaling",
    "mathematical_rope",
    "long_sequence_rope",
    "sinusoidal_scale",
    "alibi_slopes",
    "math_adaptive_frequencies",
    "noise_scheduler",
    "memory_experts",
)
ARGUMENTS = ("inputs_embeds_twice", "cache_position_twice", "new_ones_on_none")
DEVICES = (
    Device(kind="cuda", virtual=True),
    Device(kind="cuda", index=1, virtual=True),
    Device(kind="mps", virtual=True),
)


def load(name):
    spec = importlib.util.spec_from_file_location(name, SEEDS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def line_of(name, mark):
    lines = (SEEDS / f"{name}.py").read_text().splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.endswith(f"# {mark}")]
    return line


def results(name, twin, device, checks=CHECKS):
    module = load(name)
    target = Target(name=name, build=getattr(module, twin), inputs=module.inputs)
    return list(engine.run(Cell(target=target, device=device, check=check) for check in checks))


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)
@pytest.mark.parametrize("name", STRAYS)
def test_the_stray_is_found(name, device):
    (result,) = results(name, "broken", device, [FORWARD])
    assert result.status is Status.FAIL
    finding = result.findings[0]
    assert finding.code == "SD201"
    assert finding.subject == load(name).CULPRIT
    assert (finding.origin.file, finding.origin.line) == (str(SEEDS / f"{name}.py"), line_of(name, "born here"))
    assert finding.use.file == finding.origin.file
    assert finding.hint


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_crash_names_its_line(name, device):
    (result,) = results(name, "broken", device, [FORWARD])
    assert result.status is Status.ERROR
    assert load(name).REASON in result.reason
    assert f"{name}.py:{line_of(name, 'breaks here')})" in result.reason


@pytest.mark.parametrize("device", [Device(kind="cpu"), *DEVICES], ids=lambda device: device.name)
@pytest.mark.parametrize("name", STRAYS + ARGUMENTS)
def test_the_mended_twin_is_clean(name, device):
    found = results(name, "mended", device)
    assert [finding for result in found for finding in result.findings] == []
    assert {result.status for result in found} <= {Status.PASS, Status.NOT_CHECKED}
    assert {result.check for result in found if result.status is Status.PASS} >= {"placement", "forward", "backward"}


@pytest.mark.parametrize("name", STRAYS)
def test_the_cpu_has_nothing_against_the_broken_twin(name):
    (result,) = results(name, "broken", Device(kind="cpu"), [FORWARD])
    assert (result.status, result.findings) == (Status.PASS, ())


def test_every_specimen_is_tested():
    assert {path.stem for path in SEEDS.glob("*.py")} == set(STRAYS + ARGUMENTS)
