"""The seed's diffusion bugs, written as they were, and the same mistakes made with this package's own corruptor."""

import importlib.util
from pathlib import Path

import pytest

from samedevice.harness import engine
from samedevice.harness.device import Device
from samedevice.harness.plan import Cell
from samedevice.harness.result import Status
from samedevice.harness.target import Target
from samedevice.models.diffusion import NoiseScheduler, TextCorruptor
from samedevice.models.diffusion.objective import DenoisingObjective
from samedevice.models.targets import diffusion_targets
from samedevice.suites.placement import CHECKS
from samedevice.suites.placement.forward import FORWARD

FOLDER = Path(__file__).parent / "diffusion"
NAMES = ("corruptor_elsewhere", "mask_token", "scheduler_alone")
(LOSS,) = (target for target in diffusion_targets() if target.name == "diffusion_loss")
DEVICES = (
    Device(kind="cuda", virtual=True),
    Device(kind="cuda", index=1, virtual=True),
    Device(kind="mps", virtual=True),
)
every_device = pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def results(build, inputs, device, checks=CHECKS):
    target = Target(name="specimen", build=build, inputs=inputs)
    return list(engine.run(Cell(target=target, device=device, check=check) for check in checks))


@every_device
@pytest.mark.parametrize("name", NAMES)
def test_the_stray_is_found(name, device):
    module = load(name)
    (result,) = results(module.broken, module.inputs, device, [FORWARD])
    assert result.status is Status.FAIL
    finding = result.findings[0]
    lines = (FOLDER / f"{name}.py").read_text().splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.endswith("# born here")]
    assert (finding.code, finding.subject) == ("SD201", module.CULPRIT)
    assert (finding.origin.file, finding.origin.line) == (str(FOLDER / f"{name}.py"), line)
    assert finding.use.file == finding.origin.file
    assert finding.hint


@pytest.mark.parametrize("device", [Device(kind="cpu"), *DEVICES], ids=lambda device: device.name)
@pytest.mark.parametrize("name", NAMES)
def test_the_mended_twin_is_clean(name, device):
    module = load(name)
    found = results(module.mended, module.inputs, device)
    assert [finding for result in found for finding in result.findings] == []
    assert {result.check for result in found if result.status is Status.PASS} >= {"placement", "forward", "backward"}


@pytest.mark.parametrize("name", NAMES)
def test_the_cpu_has_nothing_against_the_broken_twin(name):
    module = load(name)
    (result,) = results(module.broken, module.inputs, Device(kind="cpu"), [FORWARD])
    assert (result.status, result.findings) == (Status.PASS, ())


class Unsynchronized(DenoisingObjective):
    """The objective without the line that takes the corruptor along."""

    def _apply(self, fn, recurse=True):
        return super(DenoisingObjective, self)._apply(fn, recurse)


class SchedulerAlone(Unsynchronized):
    def _apply(self, fn, recurse=True):
        super()._apply(fn, recurse)
        self.corruptor.scheduler.to(self.model.device)
        return self


def as_class(cls):
    def build():
        whole = LOSS.build()
        config = whole.model.config
        scheduler = NoiseScheduler(config.num_timesteps, config.schedule, device="cpu")
        return cls(whole.model, TextCorruptor(config, scheduler))

    return build


@every_device
@pytest.mark.parametrize(
    ("cls", "culprit", "file", "line"),
    [
        (Unsynchronized, "corruptor.scheduler.alpha_bars", "noise_schedule.py", "self.alpha_bars = "),
        (SchedulerAlone, "corruptor.noise_probs", "corruption.py", "self.noise_probs = "),
    ],
)
def test_the_packages_own_corruptor_left_behind_is_found(cls, culprit, file, line, device):
    (result,) = results(as_class(cls), LOSS.inputs, device, [FORWARD])
    assert result.status is Status.FAIL
    finding = next(finding for finding in result.findings if finding.subject == culprit)
    assert finding.code == "SD201"
    assert finding.origin.file.endswith(file)
    assert line in Path(finding.origin.file).read_text().splitlines()[finding.origin.line - 1]


def test_every_specimen_is_tested():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(NAMES)
