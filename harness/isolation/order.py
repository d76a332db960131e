"""An order: the words by which another process finds a cell, since targets do not pickle."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import catalog, loading
from ..check import Check
from ..device import Device
from ..engine import LOADS
from ..errors import UsageError
from ..plan import Cell
from ..suite import Suite
from ..target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One cell in words. Of a suite's target the name is enough; another one has its `address` (`Target.address`)."""

    suite: str | None
    target: str
    address: tuple[str, str | None] | None
    device: Device
    check: str
    optional: bool

    def cell(self) -> Cell:
        """The cell, found again in this process. Raises `UsageError` where it is not here."""
        target, check = self._of_suite(self.suite) if self.suite is not None else self._of_address()
        return Cell(target=target, device=self.device, check=check, suite=self.suite, optional=self.optional)

    def _of_suite(self, name: str) -> tuple[Target, Check]:
        suite, targets = members(name)
        checks = {check.name: check for check in suite.checks}
        if self.target not in targets or self.check not in checks:
            raise UsageError(f"suite {name!r} has no target {self.target!r} with a check {self.check!r} here")
        return targets[self.target], checks[self.check]

    def _of_address(self) -> tuple[Target, Check]:
        if self.address is None:
            raise UsageError(f"{self.target} cannot be found by another process: it has neither a suite nor an address")
        check = LOADS if self.check == LOADS.name else catalog.checks((self.check,))[0]
        return _loaded(*self.address), check


def order_of(cell: Cell) -> Order:
    """The words of a cell."""
    return Order(
        suite=cell.suite,
        target=cell.target.name,
        address=cell.target.address,
        device=cell.device,
        check=cell.check.name,
        optional=cell.optional,
    )


def order_from(data: dict[str, Any]) -> Order:
    """The order that `dataclasses.asdict` made these dicts and lists of."""
    address = data["address"] and (data["address"][0], data["address"][1])
    return Order(**{**data, "device": Device(**data["device"]), "address": address})


@lru_cache
def members(name: str) -> tuple[Suite, dict[str, Target]]:
    """A suite and its targets by name. Raises `UsageError`, and what the suite raises."""
    (suite,) = catalog.suites((name,))
    return suite, {target.name: target for target in suite.targets()}


# Kept, so that the cells of a target share the last executions of its file, as they do in one process.
@lru_cache
def _loaded(word: str, inputs: str | None) -> Target:
    return loading.target(word, inputs)
