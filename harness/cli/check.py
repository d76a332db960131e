"""`samedevice check TARGET`: every check that applies, on any model."""

import sys
from argparse import Namespace, _SubParsersAction
from pathlib import Path

from .. import catalog
from ..devices import CHECK_DEVICES, resolve_all, split
from ..hubtrip import place
from .exits import Exit
from .inputs import say_inputs
from .outcome import refuse_bad_output
from .words import Words, check_option, described, device_option, hub_option, output_options, worker_options


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "check", "run every check that applies on one model")
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="package.module:name, path/to/file.py:name, a checkpoint directory or a Hub id; "
        "name is a factory without arguments, an nn.Module class or an instance",
    )
    parser.add_argument(
        "--inputs",
        metavar="SPEC",
        help="what to feed, in the same form: a dict, a tuple, another value, or a callable that returns one "
        "(default: the attribute `inputs` beside the target, else made from a transformers config)",
    )
    parser.add_argument(
        "--example-inputs",
        action="store_true",
        help="print on standard error what the model was fed: given, found beside it, or made for it",
    )
    device_option(parser, CHECK_DEVICES)
    check_option(parser)
    hub_option(parser)
    worker_options(parser)
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Check the target of the options."""
    # Late: only what runs cells pays for it.
    from .execution import Run, carried_out, executor, one_by_one, refuse_bad_execution

    refuse_bad_output(options)
    refuse_bad_execution(options)
    if options.hub is not None:
        place.choose(options.hub)
    sys.path.insert(0, str(Path.cwd()))  # as `python -m` does, which the console script does not
    with executor(options) as found:
        from .. import engine, loading, plan  # late: torch

        checks = catalog.checks(split(options.checks))
        devices = resolve_all(split(options.devices))
        target = loading.target(options.target, options.inputs)
        engine.refuse_unloadable(target, devices, one_by_one(found))
        if options.example_inputs:
            say_inputs(target)
        cells = plan.grid((target,), devices, checks, optional=not options.checks)
        run = Run(words=("check", options.target), target=options.target, inputs=options.inputs)
        return carried_out(cells, options, found, run)
