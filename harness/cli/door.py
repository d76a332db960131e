"""The door: words in, exit code out. The one place that turns our errors into an exit code."""

import io
import sys
import traceback
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence

from ... import __version__
from ..errors import SamedeviceError
from . import audit, check, devices, explain, fidelity, gate, hub, report, run, train
from .exits import Exit
from .words import EXITS, Words

# In the order of `samedevice --help`.
COMMANDS = (check, run, train, audit, report, gate, devices, explain, hub, fidelity)


def parser() -> Words:
    """The whole command line."""
    words = Words(
        prog="samedevice",
        description="Finds tensors on the wrong device, without the device.",
        epilog=EXITS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    words.add_argument("--version", action="version", version=f"samedevice {__version__}")
    commands = words.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return words


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `words` default to those of the process."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a table must not die of a terminal's encoding
    try:
        options = parser().parse_args(words)
        return int(options.run(options))
    except SamedeviceError as error:
        print(f"samedevice: {error}", file=sys.stderr)
        return Exit.USAGE
    except KeyboardInterrupt:
        print("samedevice: interrupted", file=sys.stderr)
        return Exit.NOT_CHECKED
    except Exception:
        traceback.print_exc()
        print("samedevice: this is a bug of samedevice: please report it with the lines above", file=sys.stderr)
        return Exit.INTERNAL
