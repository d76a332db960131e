"""Write `docs/reference/commands.md`: what `samedevice COMMAND --help` says, of every command.

python tools/list_commands.py         # after a command or an option was changed
"""

import os
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from samedevice.harness.cli.door import parser

PAGE = Path(__file__).parent.parent / "docs/reference/commands.md"
INTRODUCTION = """# The command line

What `--help` says. `python tools/list_commands.py` wrote this page.
"""


def commands(words: ArgumentParser) -> Iterator[ArgumentParser]:
    """A command and those below it, in the order of their help."""
    yield words
    for action in words._actions:
        if isinstance(action, _SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


def text() -> str:
    """The whole page, 100 columns wide."""
    os.environ["COLUMNS"] = "102"  # argparse leaves two
    parts = [INTRODUCTION]
    for words in commands(parser()):
        parts += [f"## `{words.prog}`\n", f"```text\n{words.format_help().rstrip()}\n```\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
