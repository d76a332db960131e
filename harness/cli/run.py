"""`samedevice run [SUITE ...]`: the installed suites, on every device."""

from argparse import Namespace, _SubParsersAction

from .. import catalog
from ..devices import RUN_DEVICES, resolve_all, split
from ..hubtrip import place
from .exits import Exit
from .outcome import refuse_bad_output
from .words import Words, check_option, described, device_option, hub_option, output_options, worker_options


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "run", "run installed suites, all but the long ones without a name")
    parser.add_argument("suites", metavar="SUITE", nargs="*", help=f"any of: {', '.join(catalog.suite_names())}")
    parser.add_argument(
        "--targets",
        metavar="PATTERNS",
        default="",
        help="only targets whose name matches, such as '*alibi*,rope', with commas",
    )
    parser.add_argument(
        "--plant",
        action="store_true",
        help="plant one stray tensor in each target, and count how many are found and named (zoo)",
    )
    device_option(parser, RUN_DEVICES)
    check_option(parser)
    hub_option(parser)
    worker_options(parser)
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Run the suites of the options."""
    # Late: only what runs cells pays for it.
    from .execution import Run, carried_out, executor, refuse_bad_execution

    refuse_bad_output(options)
    refuse_bad_execution(options)
    if options.hub is not None:
        place.choose(options.hub)
    with executor(options, options.suites or catalog.usual_suites()) as found:
        from .. import plan

        suites = (catalog.planted_suites if options.plant else catalog.suites)(options.suites)
        devices = resolve_all(split(options.devices))
        cells = plan.of_suites(suites, devices, targets=split(options.targets), checks=split(options.checks))
        words = ("run", *options.suites, *["plant"] * options.plant)
        return carried_out(cells, options, found, Run(words=words))
