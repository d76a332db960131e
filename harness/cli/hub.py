"""`samedevice hub serve`: a Hub on this machine, for tests."""

from argparse import ArgumentTypeError, Namespace, _SubParsersAction
from pathlib import Path

from ..errors import UsageError
from .exits import Exit
from .words import Words, described

_EXTRA = ("dulwich", "lz4", "starlette", "uvicorn")


def add(commands: "_SubParsersAction[Words]") -> None:
    """Declare the command."""
    parser = described(commands, "hub", "a Hugging Face Hub on this machine, for tests: nothing leaves it")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    serve = described(actions, "serve", "serve until standard input ends; one line of JSON says where, and the tokens")
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="of the Hub itself (default: a free one)")
    serve.add_argument("--store", type=Path, metavar="DIR", help="keep everything there (default: nothing is kept)")
    serve.add_argument(
        "--log", type=Path, metavar="FILE", help="one line of JSON per request (default: log.jsonl in the store)"
    )
    serve.add_argument("--no-xet", action="store_true", help="large files come by Git LFS alone")
    serve.set_defaults(run=run)


def run(options: Namespace) -> Exit:
    """Serve as the options say."""
    try:
        from ..hub.serve import Options, serve
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        raise UsageError(f"the Hub needs {missing}: pip install 'samedevice[hub]'") from None
    serve(Options(port=options.port, store=options.store, log=options.log, has_xet=not options.no_xet))
    return Exit.CLEAN


def _port(word: str) -> int:
    if not word.isdecimal() or int(word) > 65535:
        raise ArgumentTypeError(f"{word!r} is not a port: 0 to 65535")
    return int(word)
