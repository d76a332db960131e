"""The pytest door: `--virtual`, `--devices`, `--local-hub`; the fixtures `device`, `samedevice`, `local_hub`; a marker.

Imports neither torch nor transformers until an option, a fixture or the marker asks for a device.
"""

import pickle
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from .devices import refuse_unknown, split, virtual_session, within
from .environment import here
from .errors import SamedeviceError
from .model_suite import ModelSuite
from .report import Report
from .result import Result
from .writing import refuse_unwritable, write

if TYPE_CHECKING:
    from .hubtrip.lent import LocalHub

_NO_HUB = (
    "the fixture local_hub needs `--local-hub`, or `local_hub = true` in pytest's configuration: "
    "the Hub's client reads which Hub to ask when it is imported"
)
_RESULTS = pytest.StashKey[list[Result]]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Samedevice:
    """What the fixture `samedevice` gives: `check`, whose reports are printed together when the run ends."""

    results: list[Result] = field(repr=False)

    def check(self, target: Any, **options: Any) -> Report:
        """`samedevice.check(target, inputs=, devices=, checks=)`; the report is kept for the end of the run."""
        from .api import check

        report = check(target, **options)
        self.results.extend(report.cells)
        return report


@pytest.fixture
def samedevice(request: pytest.FixtureRequest) -> Samedevice:
    """`samedevice.check(...)` whose reports are printed, and written as JSON, when the run ends."""
    return Samedevice(results=request.config.stash[_RESULTS])


@pytest.fixture
def local_hub() -> Iterator["LocalHub"]:
    """A Hugging Face Hub on this machine, `--local-hub`: `repo_id(name)`, `endpoint`, `token`, `env`, `requests()`."""
    from .hubtrip.lent import hub

    found = hub()
    if found is None:
        pytest.fail(_NO_HUB, pytrace=False)
    yield found
    found.clean()


def device(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each of `--devices` in turn: stands while the test runs; the value is its name, for `.to(device)`."""
    from .devices import absence, resolve
    from .virtual import virtual

    wanted = resolve(request.param)
    absent = absence(wanted)
    if absent is not None:
        pytest.skip(absent)
    # Not `stage.standing`, which records mismatches for a check: in a test they raise, as on hardware.
    with virtual(wanted.kind, count=wanted.index + 1, home=wanted.name) if wanted.virtual else nullcontext():
        yield wanted.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("samedevice", "tensors on the wrong device")
    add = group.addoption
    add("--virtual", metavar="DEVICE", type=_word(virtual_session), help="run all tests as if cuda, cuda:N (N of them) "
        "or mps were there")  # fmt: skip
    add("--devices", metavar="WORDS", type=_word(_device_words), help="devices for the fixture `device` (default: cpu)")
    add("--local-hub", action="store_true", help="serve a Hugging Face Hub on this machine, for the fixture local_hub")
    parser.addini("local_hub", "the same as --local-hub", type="bool", default=False)
    add("--samedevice-json", metavar="FILE", type=_word(_file), help="write the reports of the fixture `samedevice`")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Enter `--virtual` and `--local-hub` before any conftest or test module asks for a device, or for the Hub."""
    if early_config.known_args_namespace.local_hub or early_config.getini("local_hub"):
        from .hubtrip.lent import lent

        lease = ExitStack()
        try:
            lease.enter_context(lent())
        except SamedeviceError as error:
            raise pytest.UsageError(str(error)) from None
        early_config.add_cleanup(lease.close)
    session = early_config.known_args_namespace.virtual
    if session is not None:
        from .virtual import virtual

        stack = ExitStack()
        stack.enter_context(virtual(session[0], count=session[1]))
        early_config.add_cleanup(stack.close)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the fixture `device` with what the command line says."""
    config.addinivalue_line("markers", "devices(*words): the devices that this test's fixture `device` goes through")
    config.stash[_RESULTS] = []
    config.pluginmanager.register(_device_fixture(config.option.devices or ("cpu",)), "samedevice_devices")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the marker `devices` replace what the fixture `device` goes through, within `--devices` where given."""
    marker = metafunc.definition.get_closest_marker("devices")
    if marker is not None and "device" in metafunc.fixturenames:
        words = _within(marker.args, metafunc.config.option.devices)
        # As a mark, and early: pytest lets it win over the parameters of the fixture.
        metafunc.definition.add_marker(pytest.mark.parametrize("device", words, indirect=True))


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> pytest.Collector | None:
    """Take a `ModelSuite` in a test module for the tests of its cells."""
    if not isinstance(obj, ModelSuite):
        return None
    from .pytest_cells import collector as cells

    return cells(collector, name, obj, collector.config.stash[_RESULTS])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the results of a finished xdist worker."""
    pickled = getattr(node, "workeroutput", {}).get("samedevice")
    if pickled is not None:
        node.config.stash[_RESULTS].extend(pickle.loads(pickled))  # from our own worker


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the results to the xdist controller, or write them."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["samedevice"] = pickle.dumps(config.stash[_RESULTS])
    elif config.option.samedevice_json is not None:
        write(config.option.samedevice_json, _report(config).to_json())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the tables of all reports of the run."""
    if config.stash[_RESULTS]:
        from .catalog import renderer

        terminalreporter.section("samedevice")
        terminalreporter.write_line(renderer("table")(_report(config)).rstrip())


def _report(config: pytest.Config) -> Report:
    results = config.stash[_RESULTS]
    return Report(environment=here(), cells=tuple(results))


def _device_fixture(words: Sequence[str]) -> ModuleType:
    """A plugin that holds the fixture: parameters of a fixture are fixed when it is declared.

    A fixture, and not `pytest_generate_tests`, so that a project's own `device` overrides it.
    """
    plugin = ModuleType("samedevice_devices", device.__doc__)
    plugin.__dict__["device"] = pytest.fixture(params=words)(device)
    return plugin


def _within(words: Sequence[str], allowed: Sequence[str] | None) -> Sequence[str]:
    try:
        return within(words, allowed)
    except SamedeviceError as error:
        raise pytest.UsageError(f"marker devices: {error}") from None


def _word(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """A parser of ours as an argparse type, whose errors become pytest's."""

    def parsed(word: str) -> Any:
        try:
            return parse(word)
        except SamedeviceError as error:
            raise ArgumentTypeError(str(error)) from None

    return parsed


def _device_words(words: str) -> tuple[str, ...]:
    refuse_unknown(split(words))
    return split(words)


def _file(name: str) -> str:
    refuse_unwritable(name)
    return name
