"""How sure one may be of a rate that was counted over few trials."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the true rate lies: fractions from 0 to 1."""

    low: float
    high: float


def wilson(successes: float, trials: int, confidence: float = 0.95) -> Interval:
    """The Wilson score interval of `successes` out of `trials`: 20 of 20 is [0.839, 1], and never [1, 1].

    No trials give [0, 1]: nothing is known. Raises `ValueError` for counts that no experiment can
    give. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927), without continuity correction.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}: expected a fraction between 0 and 1, such as 0.95")
    if trials < 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials: expected 0 <= successes <= trials")
    if trials == 0:
        return Interval(low=0.0, high=1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2.0)
    rate = successes / trials
    centre = rate + z * z / (2 * trials)
    spread = z * sqrt(rate * (1.0 - rate) / trials + z * z / (4 * trials * trials))
    scale = 1.0 + z * z / trials
    # The ends are exact at 0 and at `trials`; rounding would leave them a hair beside it.
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == trials else (centre + spread) / scale
    return Interval(low=low, high=high)
