"""What a training is asked to do: the options that every training shares, and those of language models."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

from ...harness.errors import UsageError

PRECISIONS, PROFILES = ("fp32", "fp16", "bf16"), ("ci", "seed")
DEVICES = ("cpu", "cuda", "mps", "xpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedOptions:
    """What every training can be told; None and empty mean what the `profile` says.

    `batch_size` counts documents, problems or texts, `max_length` tokens, `max_steps` optimizer steps; `epochs` is used
    where no steps are given. `datasets` are embedded names, files or ids of `datasets`. A run lives in
    `output_dir`/`experiment_name`; with `resume` it goes on from its last whole checkpoint, of which it writes one
    every `save_every` steps. `device` is a kind, on which the caller stands. Profile `ci` takes about two minutes on
    a laptop's CPU, `seed` is as large as the seeds' runs. Raises `UsageError` for a value out of range.
    """

    batch_size: int | None = None
    max_length: int | None = None
    max_steps: int | None = None
    epochs: int | None = None
    learning_rate: float | None = None
    gradient_checkpointing: bool = False
    precision: str = "fp32"
    datasets: tuple[str, ...] = ()
    experiment_name: str = "run"
    output_dir: str = "trainings"
    resume: bool = False
    save_every: int | None = None
    seed: int = 0
    device: str = "cpu"
    profile: str = "ci"
    progress: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        _refuse_impossible(self)

    @property
    def folder(self) -> Path:
        """Where the run lives."""
        return Path(self.output_dir) / self.experiment_name


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions(SharedOptions):
    """The options of a training of a language model.

    `model` is a checkpoint directory or Hub id to start from; without it a small model is built on `backbone`.
    `position_encoding` is a name of `models.encodings`; `lora` trains an adapter alone.
    """

    model: str | None = None
    backbone: str | None = None
    position_encoding: str | None = None
    lora: bool = False
    save_every: int = 100

    # What may differ between a run and its continuation: where it is, and what is shown.
    _FREE: ClassVar[frozenset[str]] = frozenset({"output_dir", "experiment_name", "resume", "progress", "device"})

    def kept(self) -> dict[str, Any]:
        """What a continuation must share with its run, as JSON holds it."""
        plain = {name: value for name, value in asdict(self).items() if name not in self._FREE}
        kept: dict[str, Any] = json.loads(json.dumps(plain))
        return kept


def chosen(options: Any, **usual: Any) -> Any:
    """The same options with `usual` values where nothing was said."""
    said = {field.name: getattr(options, field.name) for field in fields(options) if not field.name.startswith("_")}
    unsaid = {name: value for name, value in usual.items() if said[name] in (None, ())}
    return type(options)(**{**said, **unsaid})


def _refuse_impossible(options: SharedOptions) -> None:
    """Raise `UsageError` for a value out of range."""
    _require("precision", options.precision, PRECISIONS)
    _require("profile", options.profile, PROFILES)
    _require("device", options.device, DEVICES)
    for name in ("batch_size", "max_length", "max_steps", "epochs", "save_every"):
        value = getattr(options, name)
        if value is not None and value < 1:
            raise UsageError(f"{name} is {value}: give 1 or more")
    if options.learning_rate is not None and not 0 < options.learning_rate < 1:
        raise UsageError(f"learning_rate is {options.learning_rate}: give a number between 0 and 1")
    if options.precision == "fp16" and options.device == "cpu":
        raise UsageError("precision fp16 scales losses for a GPU's half precision: on the cpu use bf16")
    if not options.experiment_name or Path(options.experiment_name).name != options.experiment_name:
        raise UsageError(f"experiment_name is {options.experiment_name!r}: give a plain name for a folder")


def _require(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"{name} is {value!r}: choose one of {', '.join(known)}")
