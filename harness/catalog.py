"""The catalog: suites, checks and renderers, found by entry point, ours exactly as a stranger's.

| group | name | object |
| --- | --- | --- |
| `samedevice.suites` | name of the suite | a `Suite` |
| `samedevice.checks` | any | a tuple of `Check`s, found by their own names |
| `samedevice.formats` | any | a tuple of `Check`s, one for each file format, found by their own names |
| `samedevice.trainings` | name of the training | a `Training` |
| `samedevice.renderers` | name of the format | `render(report) -> str` |
| `samedevice.gate_renderers` | name of the format | `render(comparison) -> str` |
| `samedevice.models` | a `model_type` | a module that registers it (`registration`) |
"""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from .check import Check
from .entry import load
from .errors import UsageError
from .suggestion import listed
from .suite import Suite
from .training import Training

if TYPE_CHECKING:
    from .gate import Comparison
    from .report import Report

SUITES, CHECKS, RENDERERS = "samedevice.suites", "samedevice.checks", "samedevice.renderers"
FORMATS = "samedevice.formats"
GATE_RENDERERS = "samedevice.gate_renderers"
TRAININGS = "samedevice.trainings"

# Suites that take so long that `samedevice run` without a name leaves them out.
LONG_SUITES = frozenset({"zoo", "zoo-planted"})

# Checks that nobody asks but by name: they start a server, or write to somebody's account.
NAMED_CHECKS = frozenset({"hub"})


def suite_names() -> tuple[str, ...]:
    """Names of all installed suites, sorted."""
    return tuple(_entries(SUITES))


def usual_suites() -> tuple[str, ...]:
    """Names of the suites that are run where none is named: all but the long ones."""
    return tuple(name for name in suite_names() if name not in LONG_SUITES)


def suites(names: Iterable[str] = ()) -> tuple[Suite, ...]:
    """The named suites in their order; without a name, the usual ones. Raises `UsageError`."""
    wanted = tuple(dict.fromkeys(names)) or usual_suites()
    return tuple(_named(SUITES, name, "suite") for name in wanted)


def planted_suites(names: Iterable[str] = ()) -> tuple[Suite, ...]:
    """The suites that plant a stray in each target of the named ones. Raises `UsageError` where one has none."""
    found = suites(names)
    for suite in found:
        if suite.planted is None:
            raise UsageError(f"nothing is planted in suite {suite.name!r}: --plant wants a suite that has, such as zoo")
    return suites(suite.planted for suite in found if suite.planted is not None)


def checks(names: Iterable[str] = ()) -> tuple[Check, ...]:
    """The named checks in their order; without a name, all but those of `NAMED_CHECKS`. Raises `UsageError`."""
    return _checks(CHECKS, names, "check")


def format_checks(names: Iterable[str] = ()) -> tuple[Check, ...]:
    """The round trips of the named file formats in their order; without a name, of all. Raises `UsageError`."""
    return _checks(FORMATS, names, "file format")


def _checks(group: str, names: Iterable[str], noun: str) -> tuple[Check, ...]:
    known: dict[str, Check] = {}
    for entry in _entries(group).values():
        for check in load(entry):
            if known.setdefault(check.name, check) is not check:
                raise UsageError(f"two installed checks are called {check.name!r}: uninstall one of the packages")
    wanted = tuple(dict.fromkeys(names)) or tuple(name for name in known if name not in NAMED_CHECKS)
    for name in wanted:
        if name not in known:
            raise UsageError(f"unknown {noun} {name!r}{listed(name, known)}")
    return tuple(known[name] for name in wanted)


def training_names() -> tuple[str, ...]:
    """Names of all installed trainings, sorted."""
    return tuple(_entries(TRAININGS))


def training(name: str) -> Training:
    """The training of a name. Raises `UsageError`."""
    found: Training = _named(TRAININGS, name, "training")
    return found


def formats() -> tuple[str, ...]:
    """Names of all installed report formats, sorted."""
    return tuple(_entries(RENDERERS))


def renderer(fmt: str) -> "Callable[[Report], str]":
    """The function that turns a report into the text of a format. Raises `UsageError`."""
    render: Callable[[Report], str] = _named(RENDERERS, fmt, "format")
    return render


def gate_renderer(fmt: str) -> "Callable[[Comparison], str]":
    """The function that turns what the gate found into the text of a format. Raises `UsageError`."""
    render: Callable[[Comparison], str] = _named(GATE_RENDERERS, fmt, "format")
    return render


def _entries(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in sorted(entry_points(group=group), key=lambda entry: entry.name)}


def _named(group: str, name: str, noun: str) -> Any:
    entries = _entries(group)
    if name not in entries:
        raise UsageError(f"unknown {noun} {name!r}{listed(name, entries)}")
    return load(entries[name])
