"""The words of the command line: one parser, and the options that several commands share."""

import os
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter, _SubParsersAction
from functools import cache
from typing import NoReturn

from .. import catalog
from ..devices import split
from ..errors import UsageError

# Workers are watched over by way of sessions, signals and descriptors that Windows does not have.
DEFAULT_JOBS = 1 if os.name == "posix" else 0

EXITS = """exit codes:
  0  clean
  1  findings, or the target's own code crashed
  2  wrong words, or the target does not load
  3  an error of samedevice itself
  4  something required, or everything, was not checked"""


class Words(ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError` instead of printing the usage and leaving."""
        raise UsageError(f"{message}; see {self.prog} --help")


def device_option(parser: ArgumentParser, default: tuple[str, ...]) -> None:
    """`--devices` and `--require`."""
    parser.add_argument(
        "--devices",
        metavar="WORDS",
        default=",".join(default),
        help="cpu, cuda, cuda:1, mps, xpu: real where present, else virtual; real:cuda and virtual:cuda insist "
        "(default: %(default)s)",
    )


def check_option(parser: ArgumentParser) -> None:
    """`--checks` and `--threads`."""
    parser.add_argument("--checks", metavar="NAMES", default="", help="only these checks, by name, with commas")
    thread_option(parser)


def worker_options(parser: ArgumentParser) -> None:
    """Where cells run, how long and in how much memory; and which of them, now or again."""
    add = parser.add_argument
    add(
        "-j",
        "--jobs",
        metavar="N",
        type=_jobs,
        default=DEFAULT_JOBS,
        help="worker processes (default: %(default)s); 0 runs all in this one, without isolation or limits",
    )
    add(
        "--timeout",
        metavar="S",
        type=_seconds,
        default=600.0,
        help="seconds that a cell may take in a worker (default: %(default)g)",
    )
    add(
        "--memory",
        metavar="SIZE",
        help="memory that a worker and its children may hold, such as 8G (default: its part of 90 %% of what there is)",
    )
    add("--resume", action="store_true", help="go on with a run that was ended; its results are in .samedevice/")
    add("--shard", metavar="i/n", help="only the i-th of n parts, split by target; `samedevice report` merges them")
    add(
        "--executor",
        metavar="NAME",
        choices=("local", "ray"),
        default="local",
        help="local: processes of this machine; ray: N at a time on an existing Ray cluster, with its GPUs",
    )


def thread_option(parser: ArgumentParser) -> None:
    """`--threads`."""
    parser.add_argument(
        "--threads",
        metavar="N",
        type=_at_least_one,
        default=1,
        help="threads inside an operator; one is fastest for small models, with the same bits everywhere (default: 1)",
    )


def _jobs(word: str) -> int:
    return _number_of("workers", word, least=0)


def _seconds(word: str) -> float:
    try:
        found = float(word)
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise ArgumentTypeError(f"{word!r} is not a number of seconds: more than 0")
    return found


def hub_option(parser: ArgumentParser) -> None:
    """`--hub`."""
    parser.add_argument(
        "--hub",
        metavar="WHICH",
        help="where the check and the suite `hub` go: local, a server of our own (default); real, the account of "
        "HF_TOKEN, in private repositories that are removed again",
    )


def _at_least_one(word: str) -> int:
    return _number_of("threads", word)


def _number_of(noun: str, word: str, least: int = 1) -> int:
    if not word.isdecimal() or int(word) < least:
        raise ArgumentTypeError(f"{word!r} is not a number of {noun}: {least} or more")
    return int(word)


@cache
def _format_names() -> str:
    """The installed formats for the help, read once: five commands offer them."""
    return ", ".join(catalog.formats())


def output_options(parser: ArgumentParser) -> None:
    """Where a report goes, and what it must hold: the same for every command that reports."""
    help_ = f"any of: {_format_names()} (default: table)"
    parser.add_argument("--format", metavar="FORMAT", default="table", help=help_)
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report there instead of standard output")
    parser.add_argument("--json", metavar="FILE", help="write a JSON report there as well")
    parser.add_argument(
        "--require",
        metavar="WORDS",
        type=split,
        action="extend",
        default=[],
        help="exit with 4 unless these devices were checked, such as real:cuda; may be repeated",
    )


def described(commands: "_SubParsersAction[Words]", name: str, summary: str) -> Words:
    """A command's own parser; the summary is its line in the list of commands."""
    return commands.add_parser(
        name, help=summary, description=summary, epilog=EXITS, formatter_class=RawDescriptionHelpFormatter
    )
