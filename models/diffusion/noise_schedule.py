"""How much of a text survives each step of the corruption."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

COSINE_OFFSET = 0.008


def linear(fraction: Tensor) -> Tensor:
    """The surviving part falls in a straight line, beta_t = 1 / (T - t + 1).

    Austin et al. 2021 (arXiv:2107.03006), section 3.1 and appendix A.3: the schedule of absorbing corruption.
    """
    return 1 - fraction


def cosine(fraction: Tensor) -> Tensor:
    """The surviving part falls as a squared cosine, slowly at both ends.

    Nichol and Dhariwal 2021 (arXiv:2102.09672), equation 17; Hoogeboom et al. 2021 (arXiv:2102.05379) use it for
    uniform corruption.
    """
    angle = (fraction + COSINE_OFFSET) / (1 + COSINE_OFFSET) * (math.pi / 2)
    start = math.cos(COSINE_OFFSET / (1 + COSINE_OFFSET) * (math.pi / 2))
    return (angle.cos() / start).square()


SCHEDULES: dict[str, Callable[[Tensor], Tensor]] = {"linear": linear, "cosine": cosine}


class NoiseScheduler:
    """The tables of a schedule: not a module, so whoever moves the model moves it too, with `.to()`.

    `alpha_bars[t]`, t = 0..T, is the probability that a token has survived t steps: 1 at 0, falling, 0 at T. The last
    is exactly 0, so that nothing of the text is left and pure noise is where generation starts. `noise_bars` is
    1 - alpha_bars, kept apart because the difference would lose its digits near t = 0. Both are [T+1], of `dtype`
    (float32; float64 for proofs, which MPS does not have), computed in float64 and then rounded once.
    Raises `ValueError` for an unknown schedule and for fewer than one step.
    """

    def __init__(
        self,
        num_timesteps: int = 64,
        schedule: str = "linear",
        *,
        device: torch.device | str | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """Tables of `num_timesteps` + 1 entries on `device`, torch's default device if None."""
        if schedule not in SCHEDULES:
            raise ValueError(f"schedule {schedule!r} is unknown: choose one of {', '.join(SCHEDULES)}")
        if num_timesteps < 1:
            raise ValueError(f"num_timesteps is {num_timesteps}: give at least 1")
        self.num_timesteps = num_timesteps
        self.schedule = schedule
        survived = SCHEDULES[schedule](
            torch.arange(num_timesteps + 1, dtype=torch.float64, device="cpu") / num_timesteps
        )
        survived[-1] = 0.0
        place = torch.get_default_device() if device is None else device
        self.alpha_bars = survived.to(dtype).to(place)
        self.noise_bars = (1 - survived).to(dtype).to(place)

    @property
    def device(self) -> torch.device:
        """Where the tables are."""
        return self.alpha_bars.device

    @property
    def betas(self) -> Tensor:
        """beta_t for t = 1..T at index t - 1, [T]: the probability that step t replaces a token."""
        later = torch.arange(1, self.num_timesteps + 1, device=self.device)
        return self.transition(later - 1, later)[1]

    def to(self, device: torch.device | str) -> "NoiseScheduler":
        """Move the tables, in place, and return the scheduler, as a module's `.to()` does."""
        self.alpha_bars = self.alpha_bars.to(device)
        self.noise_bars = self.noise_bars.to(device)
        return self

    def survival(self, timesteps: Tensor) -> tuple[Tensor, Tensor]:
        """The probability of being untouched after t steps, and its complement: int64 [B] -> two [B]."""
        return self.alpha_bars.index_select(0, timesteps), self.noise_bars.index_select(0, timesteps)

    def transition(self, earlier: Tensor, later: Tensor) -> tuple[Tensor, Tensor]:
        """The probability of being untouched between two steps, and its complement: two int64 [B] -> two [B].

        `earlier` is below T. Between t - 1 and t they are 1 - beta_t and beta_t.
        """
        kept_before, noise_before = self.survival(earlier)
        kept_after, noise_after = self.survival(later)
        kept = kept_after / kept_before
        # The same number twice: near the start 1 - kept would lose its digits, near the end the other would.
        return kept, torch.where(kept_before < 0.5, 1 - kept, (noise_after - noise_before) / kept_before)
