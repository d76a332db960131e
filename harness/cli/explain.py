"""`samedevice explain CODE`: what a finding code means."""

from argparse import Namespace, _SubParsersAction

from ..codes import CODES
from ..errors import UsageError
from ..suggestion import listed
from .exits import Exit
from .outcome import say
from .words import Words, described


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "explain", "say what a finding code means")
    parser.add_argument("code", metavar="CODE", help="such as SD201")
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Print the code and its title."""
    code = options.code.upper()
    if code not in CODES:
        raise UsageError(f"unknown code {options.code!r}{listed(code, CODES)}")
    say(f"{code}: {CODES[code]}")
    return Exit.CLEAN
