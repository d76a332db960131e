"""The cells of a `ModelSuite` as pytest items, so that `-k`, `-n`, `--lf`, JUnit and timeouts come from pytest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import engine
from .api import cells_of
from .devices import CHECK_DEVICES, within
from .errors import SamedeviceError
from .model_suite import ModelSuite
from .plan import Cell
from .result import Result, Status
from .suppressing import applied, configured


class Cells(pytest.Collector):
    """The variable of a test module that holds a `ModelSuite`."""

    suite: ModelSuite
    results: list[Result]

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each cell, named `check[device]`."""
        suite, allowed = self.suite, self.config.option.devices
        try:
            devices = within(CHECK_DEVICES if suite.devices is None else suite.devices, allowed)
            cells = cells_of(suite.target, suite.inputs, devices, suite.checks) if devices else ()
        except SamedeviceError as error:
            raise self.CollectError(f"{self.name}: {error}") from None
        for cell in cells:
            item: CellItem = CellItem.from_parent(self, name=f"{cell.check.name}[{cell.device.name}]")
            item.cell, item.results = cell, self.results
            yield item


class CellItem(pytest.Item):
    """One check of one model on one device."""

    cell: Cell
    results: list[Result]

    def runtest(self) -> None:
        """Run the cell; its findings are the words of the failure, its result joins the report of the run."""
        done = applied(engine.run((self.cell,)), configured())
        self.results.extend(result for result in done if result not in self.results)
        if not done:
            pytest.skip(f"{self.cell.check.name} does not apply to {self.cell.target.name}")
        if done[0].status is Status.NOT_CHECKED:
            pytest.skip(done[0].reason or "not checked")
        # A second result is of a suppression that cannot be read.
        bad = [result for result in done if result.status is not Status.PASS or result.has_problem]
        if bad:
            pytest.fail("\n".join(line for result in bad for line in _words(result)), pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where pytest says that the test is."""
        return self.path, None, f"{self.parent.name if self.parent else ''}::{self.name}"


def _words(result: Result) -> Iterator[str]:
    yield f"{result.target}: {result.check} on {result.device.name} ({result.device.reality})"
    if result.reason:
        yield result.reason
    for finding in result.findings:
        yield f"{finding.code} {finding.severity}: {finding.message}"
        yield from (f"    {place.file}:{place.line}" for place in (finding.origin, finding.use) if place)
        if finding.hint:
            yield f"    {finding.hint}"


def collector(parent: pytest.Collector, name: str, suite: ModelSuite, results: list[Result]) -> Cells:
    """The collector of one variable of a test module."""
    cells: Cells = Cells.from_parent(parent, name=name)
    cells.suite, cells.results = suite, results
    return cells
