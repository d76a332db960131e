"""`samedevice check TARGET`: every check that applies, on any model."""

import sys
from argparse import Namespace, _SubParsersAction
from pathlib import Path

from .. import catalog
from ..devices import CHECK_DEVICES, resolve_all, split
from .exits import Exit
from .inputs import say_inputs
from .outcome import carried_out, refuse_bad_output
from .words import Words, check_option, described, device_option, output_options


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
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Check the target of the options."""
    refuse_bad_output(options)
    from .. import engine, loading, plan  # late: torch

    checks = catalog.checks(split(options.checks))
    devices = resolve_all(split(options.devices))
    sys.path.insert(0, str(Path.cwd()))  # as `python -m` does, which the console script does not
    target = loading.target(options.target, options.inputs)
    engine.refuse_unloadable(target, devices)
    if options.example_inputs:
        say_inputs(target)
    return carried_out(plan.grid((target,), devices, checks, optional=not options.checks), options)
