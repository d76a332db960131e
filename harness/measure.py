"""A measure: one number that a check took, with its denominator if it is a rate."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`value` in the unit that the name ends in (`forward_seconds`); for a rate, `value` successes `of` trials.

    A rate is two numbers in JSON, `name` and `name_of`, and is always printed with its interval.
    """

    name: str
    value: float
    of: int | None = None
