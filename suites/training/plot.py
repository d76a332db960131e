"""The loss of a training as a picture."""

from collections.abc import Sequence
from pathlib import Path


def draw(losses: Sequence[float], title: str, file: Path) -> None:
    """Write a PNG: every step's loss in nats, and the mean of the last twentieth of all steps over it."""
    from matplotlib.figure import Figure  # no pyplot: no display and no state

    width = max(1, len(losses) // 20)
    means = [sum(losses[max(0, n - width + 1) : n + 1]) / min(width, n + 1) for n in range(len(losses))]
    steps = range(1, len(losses) + 1)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(steps, losses, color="0.75" if width > 1 else "C0", linewidth=0.8, label="each step")
    if width > 1:
        axes.plot(steps, means, color="C0", linewidth=1.8, label=f"mean of {width} steps")
    axes.set(title=title, xlabel="step", ylabel="loss (nats)", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(file, dpi=120)
