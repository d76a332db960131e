"""What a diffusion training came to: numbers, as JSON and as a plot."""

import math
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .checkpoints import write_json

PLOT_EXTRA = "a loss plot needs matplotlib: pip install 'samedevice[train]', or train with plot=False"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the model made of noise and of damaged validation text.

    Rates are shares of tokens that generation changed, 0 to 1: `noise_change_rate` from pure noise, where absorbing
    corruption leaves no choice but to change all, and `repair_change_rate` from text corrupted half way. Of the
    `corrupted` tokens of that text, `restored` became again what they had been. `sample` is a text made from noise.
    """

    noise_change_rate: float
    repair_change_rate: float
    corrupted: int
    restored: int
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffusionOutcome:
    """A finished training.

    `losses` holds one number for each step, in nats per token: the bound and a hundredth of the cross-entropy.
    `validation_bounds` are estimates of the variational upper bound on -log p, nats per token: untrained, then after
    each epoch; their exponentials are *upper bounds* on the perplexity per byte, not the perplexity.
    `batches` were due; one succeeded if its step was taken and its loss is finite. `is_virtual`: `device` is a label.
    """

    device: str
    is_virtual: bool
    parameters: int
    batches: int
    losses: tuple[float, ...]
    batches_per_epoch: int
    validation_bounds: tuple[float, ...]
    before: Generated
    after: Generated

    @property
    def batches_succeeded(self) -> int:
        """The steps taken whose loss is finite."""
        return sum(math.isfinite(loss) for loss in self.losses)

    @property
    def epoch_losses(self) -> tuple[float, ...]:
        """The mean loss of each epoch, of the last one perhaps only begun."""
        size = self.batches_per_epoch
        parts = [self.losses[start : start + size] for start in range(0, len(self.losses), size)]
        return tuple(sum(part) / len(part) for part in parts)

    @property
    def loss_fall(self) -> float:
        """By how much the last epoch's mean loss is below the first batch's, as a share of it."""
        return 1 - self.epoch_losses[-1] / self.losses[0]

    @property
    def epoch_loss_fall(self) -> float:
        """By how much the last epoch's mean loss is below the first epoch's, as a share of it."""
        return 1 - self.epoch_losses[-1] / self.epoch_losses[0]

    @property
    def perplexity_bounds(self) -> tuple[float, ...]:
        """Upper bounds on the validation perplexity per byte: untrained, then after each epoch."""
        return tuple(math.exp(bound) for bound in self.validation_bounds)

    def to_dict(self) -> dict[str, Any]:
        """All fields, and what follows from them, ready for JSON."""
        derived = ("batches_succeeded", "epoch_losses", "loss_fall", "epoch_loss_fall", "perplexity_bounds")
        return {**asdict(self), **{name: getattr(self, name) for name in derived}}


def write_metrics(outcome: DiffusionOutcome, file: Path) -> None:
    """Write the outcome as JSON."""
    write_json(file, outcome.to_dict())


def require_plots() -> None:
    """Raise `ValueError` where `write_plot` would fail."""
    if find_spec("matplotlib") is None:
        raise ValueError(PLOT_EXTRA)


def write_plot(outcome: DiffusionOutcome, file: Path) -> None:
    """Draw the loss of each step, its mean over each epoch, and the validation bounds, as PNG.

    Needs matplotlib, of the extra `train`; draws without a display, and changes no setting of the caller's.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = FigureCanvasAgg(figure).figure.add_subplot()
    size, last = outcome.batches_per_epoch, len(outcome.losses)
    axes.plot(range(1, last + 1), outcome.losses, linewidth=0.6, alpha=0.5, label="loss of a batch")
    for number, loss in enumerate(outcome.epoch_losses):
        ends = (number * size + 1, min((number + 1) * size, last))
        axes.plot(ends, (loss, loss), color="tab:blue", linewidth=2, label=None if number else "mean of an epoch")
    marks = [min(number * size, last) for number in range(len(outcome.validation_bounds))]
    axes.plot(marks, outcome.validation_bounds, "o--", color="tab:orange", label="validation bound")
    kind = "virtual" if outcome.is_virtual else "real"
    axes.set(
        xlabel="step", ylabel="nats per byte", title=f"Diffusion training on {outcome.device} ({kind})", ylim=(0, None)
    )
    axes.legend()
    figure.savefig(file, format="png", dpi=120)
