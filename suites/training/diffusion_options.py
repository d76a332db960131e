"""What a diffusion training can be told."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...models.diffusion import BijectiveDiffusionConfig
from .wikitext import EMBEDDED


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffusionOptions:
    """Sizes, schedule and place of a training; `PROFILES` holds two sets that were run.

    `output_dir` gets checkpoints, the model, `metrics.json` and `loss.png`. `device` is `cpu`, `cuda` or `mps`.
    `dataset` is what `wikitext.read` takes. A batch is `batch_size` windows of `length` bytes, one every `stride`
    bytes of the text; an epoch has at most `batches_per_epoch` (None: all there are). `save_steps` 0 saves after each
    epoch. `validation_passes` are the times that each validation window is corrupted.
    """

    output_dir: str
    device: str = "cpu"
    dataset: str = EMBEDDED
    hidden_size: int = 768
    num_hidden_layers: int = 7
    num_attention_heads: int = 6
    num_timesteps: int = 64
    schedule: str = "linear"
    corruption: str = "absorbing"
    length: int = 128
    stride: int = 36
    batch_size: int = 4
    batches_per_epoch: int | None = 125
    epochs: int = 3
    max_steps: int = -1
    learning_rate: float = 1e-3
    warmup_steps: int = 20
    validation_passes: int = 4
    save_steps: int = 0
    gradient_checkpointing: bool = False
    bf16: bool = False
    fp16: bool = False
    seed: int = 0
    plot: bool = True
    progress: bool = False

    def config(self) -> BijectiveDiffusionConfig:
        """The model's configuration. Raises `ValueError` for sizes that cannot be built."""
        return BijectiveDiffusionConfig(
            hidden_size=self.hidden_size,
            num_hidden_layers=self.num_hidden_layers,
            num_attention_heads=self.num_attention_heads,
            num_timesteps=self.num_timesteps,
            schedule=self.schedule,
            corruption=self.corruption,
        )

    def decisive(self) -> dict[str, Any]:
        """The options on which the weights depend: what an interrupted training must be resumed with."""
        free = {"output_dir", "save_steps", "plot", "progress", "validation_passes"}
        return {name: value for name, value in asdict(self).items() if name not in free}


PROFILES: dict[str, dict[str, Any]] = {
    # The seed's own size: 13 million parameters, 3 epochs of 125 batches.
    "seed": {},
    # A tiny model over the same text, for every change.
    "ci": {
        "hidden_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_timesteps": 16,
        "length": 64,
        "batches_per_epoch": 125,
        "learning_rate": 3e-3,
    },
}


def options_for(profile: str, output_dir: str | Path, **changes: Any) -> DiffusionOptions:
    """The options of a profile, with changes. Raises `ValueError` for an unknown profile."""
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r} is unknown: choose one of {', '.join(PROFILES)}")
    return DiffusionOptions(output_dir=str(output_dir), **{**PROFILES[profile], **changes})
