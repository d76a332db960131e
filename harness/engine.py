"""The engine: runs cells, one after another, each on its device, and turns what happens into results."""

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from time import perf_counter

from .blame import account
from .check import Check
from .device import Device
from .devices import absence
from .errors import NotApplicable, NotChecked, UsageError
from .finding import Finding, Severity
from .measure import Measure
from .plan import Cell
from .result import Result, Status
from .settings import restored
from .stage import standing, trust
from .suppressing.met import Noted
from .target import Target

# What breaks a cell. SystemExit too, since scripts call `sys.exit` and we run them.
BREAKS: tuple[type[BaseException], ...] = (Exception, SystemExit)


def run(cells: Iterable[Cell]) -> Iterator[Result]:
    """The results of cells, each as soon as it is there.

    What a target prints goes to standard error, its warnings nowhere. A target or check that raises
    makes a result of status `error`; `KeyboardInterrupt` alone passes.
    """
    for cell in cells:
        result = result_of(cell)
        if result is not None:
            yield result


def result_of(cell: Cell, breaks: tuple[type[BaseException], ...] = BREAKS) -> Result | None:
    """The result of one cell; None where the question does not arise and nobody asked it by name.

    `breaks` are the exceptions that make a result of status `error`; others pass.
    """
    started = perf_counter()
    items: list[Finding | Measure] = []
    noted = Noted(cell.target.build)
    outcome = _outcome(replace(cell, target=replace(cell.target, build=noted)), items, breaks)
    if outcome is None:
        return None
    status, reason = outcome
    findings = tuple(item for item in items if isinstance(item, Finding))
    if status is not Status.ERROR and any(finding.severity is Severity.ERROR for finding in findings):
        status = Status.FAIL
    return Result(
        target=cell.target.name,
        device=cell.device,
        check=cell.check.name,
        suite=cell.suite,
        status=status,
        reason=reason,
        seconds=perf_counter() - started,
        findings=findings,
        measures=tuple(item for item in items if isinstance(item, Measure)),
        met=tuple(noted.met),
    )


def refuse_unloadable(
    target: Target, devices: Iterable[Device], run: Callable[[Iterable[Cell]], Iterator[Result]] = run
) -> None:
    """Build a target and its inputs once, and forget them. `run` says where: by default in this process.

    Raises `UsageError` where this fails on every device; a factory that insists on an accelerator
    need not succeed on the CPU.
    """
    reasons = []
    for result in run(Cell(target=target, device=device, check=LOADS) for device in devices):
        if result.status is not Status.ERROR:
            return
        reasons.append(result.reason)
    if reasons:
        raise UsageError(f"{target.name} does not load: {reasons[0]}")


def _outcome(
    cell: Cell, items: list[Finding | Measure], breaks: tuple[type[BaseException], ...]
) -> tuple[Status, str | None] | None:
    """How a cell ended; None as in `result_of`."""
    absent = absence(cell.device)
    if absent is not None:
        return Status.NOT_CHECKED, absent
    try:
        with restored(), redirect_stdout(sys.stderr), warnings.catch_warnings(), standing(cell.device) as stage:
            warnings.simplefilter("ignore")
            items.extend(cell.check.run(cell.target, cell.device))
            items.extend(trust(stage))
    except NotChecked as reason:
        if cell.optional and isinstance(reason, NotApplicable):
            return None
        return Status.NOT_CHECKED, str(reason)
    # The one place that catches everything: a cell that breaks must not take the others with it.
    except breaks as error:
        return Status.ERROR, account(error)
    return Status.PASS, None


def _loads(target: Target, device: Device) -> Iterator[Finding | Measure]:
    target.build()
    if target.inputs is not None:
        target.inputs()
    yield from ()


LOADS = Check(name="loads", title="The target loads", question="Can the target be built and fed?", run=_loads)
