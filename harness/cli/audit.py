"""`samedevice audit PATH`: a checkpoint directory or file, before anyone loads it."""

import sys
from argparse import BooleanOptionalAction, Namespace, _SubParsersAction
from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from ..device import Device
from ..environment import here
from ..errors import NotChecked
from ..finding import Finding, Severity
from ..listing import Listing
from ..measure import Measure
from ..report import Report
from ..result import Result, Status
from ..suppressing import applied, configured
from .exits import Exit
from .outcome import concluded, refuse_bad_output
from .words import Words, described, output_options

if TYPE_CHECKING:
    from ..audit import Survey


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "audit", "look at a checkpoint before anyone loads it; nothing of it is run")
    parser.add_argument("path", metavar="PATH", help="a checkpoint directory, with all below it, or one file")
    parser.add_argument(
        "--values",
        action=BooleanOptionalAction,
        default=None,
        help="read the tensors' own bytes as well, for NaN, infinities and checksums "
        "(default: where all files have at most 256 MB together)",
    )
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--write-manifest", action="store_true", help="write the digest of every tensor beside the checkpoint"
    )
    either.add_argument("--verify", action="store_true", help="compare the checkpoint with its manifest")
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Audit the path of the options."""
    from ..audit import survey
    from ..audit.inventory import inventory

    refuse_bad_output(options)
    started = perf_counter()
    try:
        found = survey(options.path, values=options.values)
    except NotChecked as reason:
        return concluded(_report(options.path, reason=str(reason)), options)
    items = _items(found, options)
    seconds = perf_counter() - started
    return concluded(_report(options.path, items=items, listing=inventory(found), seconds=seconds), options)


def _items(found: "Survey", options: Namespace) -> list[Finding | Measure]:
    """Findings and measures; writes the manifest of a checkpoint that has no errors."""
    from ..audit import findings, manifest, measures, verify

    items: list[Finding | Measure] = [*findings(found), *measures(found)]
    if options.verify:
        items += verify(found)
    elif options.write_manifest and _has_errors(items):
        print("samedevice: no manifest is written: it would vouch for a damaged checkpoint", file=sys.stderr)
    elif options.write_manifest:
        print(f"samedevice: the manifest is in {manifest.write(found)}", file=sys.stderr)
    return items


def _has_errors(items: Sequence[Finding | Measure]) -> bool:
    return any(isinstance(item, Finding) and item.severity is Severity.ERROR for item in items)


def _report(
    path: str,
    *,
    items: Sequence[Finding | Measure] = (),
    listing: Listing | None = None,
    seconds: float = 0.0,
    reason: str | None = None,
) -> Report:
    status = Status.FAIL if _has_errors(items) else Status.PASS
    result = Result(
        target=path,
        device=Device(kind="cpu"),
        check="audit",
        status=status if reason is None else Status.NOT_CHECKED,
        reason=reason,
        seconds=seconds,
        findings=tuple(item for item in items if isinstance(item, Finding)),
        measures=tuple(item for item in items if isinstance(item, Measure)),
        listing=listing,
    )
    return Report(environment=here(), cells=applied((result,), configured()))
