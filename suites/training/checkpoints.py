"""Checkpoints that a killed run goes on from."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ...harness.errors import UsageError
from .options import TrainingOptions

OPTIONS, _WHOLE = "options.json", "whole"


class Marking(TrainerCallback):
    """Marks a checkpoint once all of it is on disk: one that a killed process left without the mark is in pieces."""

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Leave the mark; the Trainer calls this after it has written everything."""
        (Path(str(args.output_dir)) / f"checkpoint-{state.global_step}" / _WHOLE).touch()


def prepare(options: TrainingOptions) -> Path | None:
    """The checkpoint to go on from; None to begin.

    What a killed process left in pieces is removed. Raises `UsageError` where the folder holds another run: one
    that was not to be resumed, or one with other options.
    """
    folder, file = options.folder, options.folder / OPTIONS
    if file.exists():
        if not options.resume:
            raise UsageError(f"{folder} holds a run already: go on with it (resume), or name another experiment")
        _refuse_other_options(options, json.loads(file.read_text()))
    return last_whole(folder)


def last_whole(folder: Path) -> Path | None:
    """The newest whole checkpoint in a folder; what a killed process left in pieces is removed."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda one: int(one.name.rpartition("-")[2]))
    for one in found:
        if not (one / _WHOLE).exists():
            shutil.rmtree(one)
    return next((one for one in reversed(found) if one.exists()), None)


def begin(options: TrainingOptions) -> None:
    """Make the run's folder, with its options; called once everything is there that the run needs."""
    options.folder.mkdir(parents=True, exist_ok=True)
    write_json(options.folder / OPTIONS, options.kept())


def write_json(file: Path, value: Any) -> None:
    """Write a file whole or not at all."""
    new = file.with_name(f".{file.name}.new")
    new.write_text(json.dumps(value, indent=1) + "\n")
    os.replace(new, file)


def _refuse_other_options(options: TrainingOptions, before: dict[str, Any]) -> None:
    now = options.kept()
    changed = sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
    if changed:
        said = ", ".join(f"{name} was {before.get(name)!r} and is {now.get(name)!r}" for name in changed)
        raise UsageError(f"{options.folder} is another run: {said}")
