"""`samedevice devices`: what each device word means on this machine."""

from argparse import Namespace, _SubParsersAction

from ..devices import KINDS, absence, resolve
from .exits import Exit
from .outcome import say
from .words import Words, described


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    described(commands, "devices", "say which devices are real here and which virtual").set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Print one line per device word: the word, real or virtual, and why."""
    words = [word for kind in KINDS for word in ((kind,) if kind in ("cpu", "mps") else (kind, f"{kind}:1"))]
    lines = []
    for word in words:
        device = resolve(word)
        why = absence(resolve(f"real:{word}"))
        lines.append(f"{word:<8}{device.reality:<9}{why or ''}".rstrip())
    say("\n".join(lines))
    return Exit.CLEAN
