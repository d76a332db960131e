"""A model and its corruptor as one module, which moves as one."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

from .bound import loss_at
from .corruption import TextCorruptor
from .modeling_diffusion import BijectiveDiffusionForDenoising


class DenoisingObjective(nn.Module):
    """The loss of a denoiser as a module: `.to()`, `.cuda()` and `deepcopy` take the corruptor's tables along.

    The corruptor is a plain helper that a module's `.to()` would not see, hence the `_apply` of this class. State
    dict and parameters are the model's alone.
    """

    def __init__(self, model: BijectiveDiffusionForDenoising, corruptor: TextCorruptor) -> None:
        """The corruptor moves to where the model is."""
        super().__init__()
        self.model = model
        self.corruptor = corruptor.to(model.device)

    def forward(
        self, clean_ids: Tensor, noisy_ids: Tensor, timesteps: Tensor, attention_mask: Tensor | None = None
    ) -> Tensor:
        """The total loss, a scalar in nats per token: ids int64 [B,T], timesteps int64 [B]; see `bound.loss_at`."""
        return loss_at(self.model, self.corruptor, (clean_ids, noisy_ids), timesteps, attention_mask).total

    def _apply(self, fn: Callable[[Any], Any], recurse: bool = True) -> "DenoisingObjective":
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        self.corruptor.to(self.model.device)
        return self
