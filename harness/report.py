"""A report: results and the environment they were made in. Plain data; rendering is elsewhere."""

from dataclasses import dataclass

from .environment import Environment
from .finding import Finding
from .result import Result, Status
from .shard import Shard
from .suppression import Suppressed

SCHEMA = "samedevice/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a run came to. `shards` says which parts of a plan it is of; empty where it is of a whole one."""

    environment: Environment
    cells: tuple[Result, ...]
    shards: tuple[Shard, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the cells."""
        return tuple(finding for cell in self.cells for finding in cell.findings)

    @property
    def suppressed(self) -> tuple[Suppressed, ...]:
        """The findings that do not count, in the order of the cells."""
        return tuple(one for cell in self.cells for one in cell.suppressed)

    @property
    def summary(self) -> dict[Status, int]:
        """Cells per status; every status is a key."""
        return {status: sum(cell.status is status for cell in self.cells) for status in Status}

    @property
    def ok(self) -> bool:
        """True where every cell was checked and none has an error or a warning."""
        return all(cell.status is Status.PASS and not cell.has_problem for cell in self.cells)

    def to_json(self) -> str:
        """The report as JSON text, schema `samedevice/1`."""
        return self._render("json")

    def to_markdown(self) -> str:
        """The report as Markdown tables."""
        return self._render("markdown")

    def _render(self, fmt: str) -> str:
        from .catalog import renderer  # late: the renderers come by entry point from the layer above

        return renderer(fmt)(self)
