"""The words of the command line: one parser, and the options that several commands share."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter, _SubParsersAction
from typing import NoReturn

from ..errors import UsageError

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


def thread_option(parser: ArgumentParser) -> None:
    """`--threads`."""
    parser.add_argument(
        "--threads",
        metavar="N",
        type=_at_least_one,
        default=1,
        help="threads inside an operator; one is fastest for small models, with the same bits everywhere (default: 1)",
    )


def hub_option(parser: ArgumentParser) -> None:
    """`--hub`."""
    parser.add_argument(
        "--hub",
        metavar="WHICH",
        help="where the check and the suite `hub` go: local, a server of our own (default); real, the account of "
        "HF_TOKEN, in private repositories that are removed again",
    )


def _at_least_one(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise ArgumentTypeError(f"{word!r} is not a number of threads: 1 or more")
    return int(word)


def output_options(parser: ArgumentParser) -> None:
    """Where a report goes, and what it must hold: the same for every command that reports."""
    parser.add_argument("--format", metavar="FORMAT", default="table", help="table, markdown or json (default: table)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report there instead of standard output")
    parser.add_argument("--json", metavar="FILE", help="write a JSON report there as well")
    parser.add_argument(
        "--require",
        metavar="WORDS",
        default="",
        help="exit with 4 unless these devices were checked, such as real:cuda",
    )


def described(commands: "_SubParsersAction[Words]", name: str, summary: str) -> Words:
    """A command's own parser; the summary is its line in the list of commands."""
    return commands.add_parser(
        name, help=summary, description=summary, epilog=EXITS, formatter_class=RawDescriptionHelpFormatter
    )
