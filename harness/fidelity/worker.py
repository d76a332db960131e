"""The worker: a process of its own that runs cases, so that a crash or a poisoned device ends it alone.

Requests come as JSON lines on standard input, replies go as JSON lines to standard output: for each row
`begin` with the call and then `row`, so that the other side knows what was running when the line went
dead; `end` closes every answer.
"""

import json
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import torch

from ..device import Device
from ..devices import resolve
from . import subjects
from .placements import calls
from .row import Row, call_to_json, row_to_json
from .running import is_spoiled, model_name, outcome, standing


def main(word: str) -> None:
    """Answer requests about one device until standard input ends, or the device is spoiled."""
    # What tests print, in Python or in C, must not come between the replies.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    device = resolve(word)
    for line in sys.stdin:
        for reply in _answer(json.loads(line), device):
            print(json.dumps(reply), file=replies, flush=True)
            if reply.get("spoiled"):
                return


def _answer(request: dict[str, Any], device: Device) -> Iterator[dict[str, Any]]:
    if "about" in request:
        yield {"end": True, "torch": torch.__version__, "model": model_name(device), "cuda": torch.version.cuda}
    elif "patterns" in request:
        yield {"end": True, "names": subjects.names(request["patterns"])}
    else:
        yield from _rows(request, device)


def _rows(request: dict[str, Any], device: Device) -> Iterator[dict[str, Any]]:
    subject = request["subject"]
    try:
        family, cases = subjects.cases(subject)
        made = tuple(cases)
    except Exception as error:  # PyTorch's own code for making samples: its failure costs one operator, not the run
        yield {"end": True, "omitted": f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"}
        return
    done, wanted = frozenset(request["done"]), request["wanted"]
    with standing(device):
        for case in made:
            for call in calls(subject, family, case):
                if call.key in done or (wanted is not None and call.key not in wanted):
                    continue
                yield {"begin": call_to_json(call)}
                found = outcome(case, call.placement, device)
                yield {"row": row_to_json(Row(call=call, outcome=found)), "spoiled": is_spoiled(found, device)}
    yield {"end": True}


if __name__ == "__main__":
    main(sys.argv[1])
