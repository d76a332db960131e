"""The other process of a determinism check: `python -m samedevice.harness.parity.child FOLDER`.

The folder holds `request.pt` and, for a target without address, `target.pkl`; the reply goes to `reply.pt`.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import torch

from .repeating import seeded_build
from .telling import received, told


def main(folder: Path) -> None:
    """Build twice, since what a module draws when it is imported must not count; leave a reply in every case."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(torch.load(folder / "request.pt", weights_only=False)["threads"])
    reply: dict[str, Any]
    try:
        target = received(folder)
        seeded_build(target.build)
        found = told(target)
        reply = {
            "state": found.state,
            "inputs": found.inputs,
            "leaves": list(found.answer.leaves),
            "raised": found.answer.error,
        }
    # Whatever happens here is told to the process that asked.
    except (Exception, SystemExit) as error:
        reply = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:500]}
    torch.save(reply, folder / "reply.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
