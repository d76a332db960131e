"""`samedevice run [SUITE ...]`: the installed suites, on every device."""

from argparse import Namespace, _SubParsersAction

from .. import catalog
from ..devices import RUN_DEVICES, resolve_all, split
from .exits import Exit
from .outcome import carried_out, refuse_bad_output
from .words import Words, check_option, described, device_option, output_options


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
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Run the suites of the options."""
    refuse_bad_output(options)
    from .. import plan

    suites = (catalog.planted_suites if options.plant else catalog.suites)(options.suites)
    devices = resolve_all(split(options.devices))
    cells = plan.of_suites(suites, devices, targets=split(options.targets), checks=split(options.checks))
    return carried_out(cells, options)
