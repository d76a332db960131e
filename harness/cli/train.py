"""`samedevice train NAME`: the installed trainings, on one device."""

from argparse import ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from .. import catalog
from ..device import Device
from ..devices import absence, resolve, split
from ..environment import here
from ..errors import UsageError
from ..measure import Measure
from ..report import Report
from ..result import Result, Status
from .exits import Exit
from .outcome import concluded, refuse_bad_output
from .words import Words, described, output_options, thread_option

# Word, what it takes, its help: the options of every training.
_VALUES: tuple[tuple[str, Any, str], ...] = (
    ("model", str, "start from this checkpoint directory or Hub id (default: a small model of its own)"),
    ("backbone", str, "what to build without --model, such as gpt2, gpt_neox, memxlnet, gmmxlnet"),
    ("batch-size", int, "documents or problems in a step"),
    ("max-length", int, "tokens in a segment or problem"),
    ("max-steps", int, "optimizer steps"),
    ("epochs", int, "passes through the data, where no steps are given"),
    ("learning-rate", float, "the peak of the learning rate, such as 2e-5"),
    ("experiment-name", str, "the run's folder inside --output-dir"),
    ("output-dir", str, "where runs are kept (default: trainings)"),
    ("save-every", int, "steps between checkpoints"),
    ("seed", int, "of weights, data and order"),
    ("profile", str, "ci: two minutes on a laptop; seed: the seeds' own size"),
)
_FLAGS = (
    ("lora", "train low-rank adapters alone (PEFT)"),
    ("gradient-checkpointing", "compute activations again in backward instead of keeping them"),
    ("resume", "go on from the last whole checkpoint"),
)


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "train", "train a model on one device; checkpoints, metrics and a plot are kept")
    parser.add_argument("training", metavar="NAME", help=f"one of: {', '.join(catalog.training_names())}")
    parser.add_argument("--pe", dest="position_encoding", metavar="NAME", help="the position encoding, such as rope")
    for word, kind, text in _VALUES:
        parser.add_argument(f"--{word}", type=kind, metavar=kind.__name__.upper(), help=text)
    for word, text in _FLAGS:
        parser.add_argument(f"--{word}", action="store_true", default=None, help=text)
    parser.add_argument("--datasets", type=split, metavar="NAMES", help="embedded names, files or ids, with commas")
    precision = parser.add_mutually_exclusive_group()
    for name in ("fp16", "bf16"):
        text = f"compute in {name} where that is safe (autocast)"
        precision.add_argument(f"--{name}", dest="precision", action="store_const", const=name, help=text)
    parser.add_argument(
        "--set",
        dest="own",
        type=_pair,
        action="append",
        metavar="NAME=VALUE",
        default=[],
        help="an option of this training alone, such as experts=2; may be repeated",
    )
    parser.add_argument("--device", metavar="WORD", default="cpu", help="cpu, cuda, mps or xpu (default: cpu)")
    thread_option(parser)
    output_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Train as the options say."""
    refuse_bad_output(options)
    training = catalog.training(options.training)
    device = resolve(options.device)
    if reason := absence(device):
        raise UsageError(reason)
    import sys

    import torch  # late, like the trainings

    from ..stage import standing

    torch.set_num_threads(options.threads)
    started = perf_counter()
    with standing(device):
        measures = training.run(_words(options, device, is_shown=sys.stderr.isatty()))
    result = _result(training.name, device, measures, perf_counter() - started)
    return concluded(Report(environment=here(), cells=(result,)), options)


def _words(options: Namespace, device: Device, *, is_shown: bool) -> Mapping[str, Any]:
    """What was said, by the trainings' own names."""
    names = [word.replace("-", "_") for word, *_ in (*_VALUES, *_FLAGS)]
    names += ["position_encoding", "datasets", "precision"]
    said = {name: value for name in names if (value := getattr(options, name)) is not None}
    return {**said, **dict(options.own), "device": device.kind, "progress": is_shown}


def _result(name: str, device: Device, measures: tuple[Measure, ...], seconds: float) -> Result:
    return Result(
        target=name, device=device, check="train", suite="train", status=Status.PASS, seconds=seconds, measures=measures
    )


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not name or not equals:
        raise ArgumentTypeError(f"{word!r} is not of the form NAME=VALUE")
    return name.replace("-", "_"), value
