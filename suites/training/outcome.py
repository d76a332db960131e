"""What a training came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...harness.measure import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`value` right of `of` asked."""

    value: int
    of: int


Score = Mapping[str, Rate | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`losses` of every step, in nats; what `before` and `after` say of the same held-out questions; where it is kept.

    `model` is the trained model, on its device, in evaluation mode.
    """

    training: str
    device: str
    losses: tuple[float, ...]
    before: Score
    after: Score
    folder: Path
    model: Any = field(repr=False, compare=False)

    def measures(self) -> tuple[Measure, ...]:
        """The first and last loss, and what the evaluations say before and after."""
        told = [Measure(name="loss_first", value=self.losses[0]), Measure(name="loss_last", value=self.losses[-1])]
        for when, score in (("before", self.before), ("after", self.after)):
            for name, value in score.items():
                if isinstance(value, Rate):
                    told.append(Measure(name=f"{name}_{when}", value=value.value, of=value.of))
                else:
                    told.append(Measure(name=f"{name}_{when}", value=value))
        return tuple(told)

    def plain(self) -> dict[str, Any]:
        """The same without the model, as JSON holds it; a rate is two numbers, `name` and `name_of`."""
        return {
            "training": self.training,
            "device": self.device,
            "steps": len(self.losses),
            "losses": list(self.losses),
            "before": plain_score(self.before),
            "after": plain_score(self.after),
        }


def plain_score(score: Score) -> dict[str, float]:
    """A score as JSON holds it: a rate is two numbers."""
    flat: dict[str, float] = {}
    for name, value in score.items():
        if isinstance(value, Rate):
            flat |= {name: value.value, f"{name}_of": value.of}
        else:
            flat[name] = value
    return flat


def from_plain(plain: Mapping[str, float]) -> dict[str, Rate | float]:
    """A score as it was before `plain`."""
    return {
        name: Rate(value=int(value), of=int(plain[f"{name}_of"])) if f"{name}_of" in plain else value
        for name, value in plain.items()
        if not name.endswith("_of")
    }
