"""The diffusion training under the words and with the outcome that all trainings share."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ...harness.bars import no_bars
from ...harness.errors import UsageError
from ...models.diffusion import BijectiveDiffusionForDenoising
from .diffusion import train
from .diffusion_options import DiffusionOptions, options_for
from .diffusion_outcome import DiffusionOutcome, Generated
from .options import SharedOptions
from .outcome import Outcome, Rate, Score


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffusionRun(SharedOptions):
    """The shared options, and those of a diffusion training: its noise `schedule` and its `corruption`.

    `max_length` counts bytes, `datasets` is one name, file or id; `save_every` None means after each epoch.
    """

    schedule: str | None = None
    corruption: str | None = None

    def options(self) -> DiffusionOptions:
        """The same in the training's own words. Raises `ValueError` for those that do not fit."""
        said = {
            "batch_size": self.batch_size,
            "length": self.max_length,
            "max_steps": self.max_steps,
            "epochs": self.epochs,
            "learning_rate": self.learning_rate,
            "dataset": self.datasets[0] if self.datasets else None,
            "schedule": self.schedule,
            "corruption": self.corruption,
        }
        return options_for(
            self.profile,
            self.folder,
            device=self.device,
            save_steps=self.save_every or 0,
            seed=self.seed,
            progress=self.progress,
            gradient_checkpointing=self.gradient_checkpointing,
            fp16=self.precision == "fp16",
            bf16=self.precision == "bf16",
            **{name: value for name, value in said.items() if value is not None},
        )


def train_diffusion(run: DiffusionRun) -> Outcome:
    """Train, or go on, and say what it came to. Raises `UsageError` for options that cannot be."""
    if len(run.datasets) > 1:
        raise UsageError(f"datasets are {', '.join(run.datasets)}: the diffusion training reads one")
    if (run.folder / "options.json").exists() and not run.resume:
        raise UsageError(f"{run.folder} holds a training: go on with --resume, or give another --experiment-name")
    with nullcontext() if run.progress else no_bars():
        try:
            found = train(run.options())
        except ValueError as error:
            raise UsageError(str(error)) from error
        return Outcome(
            training="diffusion",
            device=found.device,
            losses=found.losses,
            before=_score(found, 0, found.before),
            after=_score(found, -1, found.after),
            folder=run.folder,
            model=_trained(run.folder, found.device),
        )


def _trained(folder: Path, device: str) -> BijectiveDiffusionForDenoising:
    model: BijectiveDiffusionForDenoising = BijectiveDiffusionForDenoising.from_pretrained(folder / "model")
    model.to(device)  # type: ignore[arg-type]
    return model.eval()  # type: ignore[no-untyped-call, no-any-return]


def _score(found: DiffusionOutcome, when: int, made: Generated) -> Score:
    return {
        "perplexity_bound": found.perplexity_bounds[when],
        "restored": Rate(value=made.restored, of=made.corrupted),
        "repair_change_rate": made.repair_change_rate,
    }
