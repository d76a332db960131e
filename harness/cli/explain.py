"""`samedevice explain [CODE]`: the page of a finding code, or all codes."""

import sys
from argparse import Namespace, _SubParsersAction

from ..codes import CODES
from ..errors import UsageError
from ..page import families, page
from ..suggestion import listed
from .exits import Exit
from .outcome import say
from .words import Words, described

# Longer lines of prose are hard to read, however wide the terminal.
WIDEST = 104


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "explain", "say what a finding code means, and what to do; without a code, list all")
    parser.add_argument("code", metavar="CODE", nargs="?", help="such as SD201")
    parser.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Print the page of the code, or the list."""
    if options.code is None:
        say(_listing())
        return Exit.CLEAN
    code = options.code.upper()
    if code not in CODES:
        raise UsageError(f"unknown code {options.code!r}{listed(code, CODES)}")
    say(_drawn(page(code)) if sys.stdout.isatty() else page(code))
    return Exit.CLEAN


def _listing() -> str:
    parts = [
        f"{about}\n" + "".join(f"  {code}  {CODES[code]}\n" for code in codes) for about, codes in families().items()
    ]
    return "\n".join([*parts, "samedevice explain CODE prints the page of one."])


def _drawn(text: str) -> str:
    """Markdown as a terminal shows it: headings, paragraphs in its width, code in colour."""
    from rich.console import Console  # late: a pipe does without
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = Console(theme=Theme({"markdown.code": "bold cyan"}))  # on the terminal's own ground, black or white
    console.width = min(console.width, WIDEST)
    with console.capture() as captured:
        console.print(Markdown(text, code_theme="ansi_dark"))
    return captured.get()
