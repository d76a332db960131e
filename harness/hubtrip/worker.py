"""A client's process: `python -m samedevice.harness.hubtrip.worker FOLDER`, started with the environment of its Hub.

It reads numbers from standard input, one a line: of `N.request` in the folder, to which it writes `N.reply`; then it
says the number. Where the input ends, so does it, after it has removed the repositories that it was told of and that
are still there: then whoever asked is gone, by whatever end.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

import torch

from .refusal import refusal
from .steps import STEPS, sweep


def main(folder: Path) -> None:
    """Serve the folder until nobody asks any more."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what models print goes where errors go
    warnings.simplefilter("ignore")
    left: list[str] = []
    try:
        for line in sys.stdin:
            request = torch.load(folder / f"{line.strip()}.request", weights_only=False)
            torch.set_num_threads(request.pop("threads"))
            os.chdir(request.pop("place"))
            left = list(request.pop("repositories"))
            reply = _replied(request)
            left = [repo for repo in left if repo not in reply.get("removed", ())]
            torch.save(reply, folder / f"{line.strip()}.reply")
            print(line.strip(), file=said, flush=True)
    finally:
        sweep(repos=left)


def _replied(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return STEPS[request.pop("step")](**request)
    # Whatever a library or a model raises is told to the process that asked.
    except (Exception, SystemExit) as error:
        return {"error": refusal(error, request.get("own_files", ()))}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)  # the libraries take seconds to take themselves down
