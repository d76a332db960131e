"""Numbers as people read them. No figure claims more than was counted."""

from collections.abc import Callable
from math import isfinite

from ..intervals import wilson

Show = Callable[[float], str]


def rate(successes: float, trials: int) -> str:
    """A share with its 95 % Wilson interval and its count: `100.0 % [83.9, 100.0] (20/20)`.

    Only all of the trials read as 100.0 %, and only none of them as 0.0 %.
    """
    if trials == 0:
        return "not run (0/0)"
    interval = wilson(successes, trials)
    share = f"{_percent(successes / trials, successes == 0, successes == trials)} %"
    return f"{share} [{100 * interval.low:.1f}, {100 * interval.high:.1f}] ({count(successes)}/{trials})"


def short_rate(successes: float, trials: int) -> str:
    """A count with its 95 % Wilson interval, for narrow columns: `7/20 [18.1, 56.7 %]`.

    The bare count where it cannot be a share.
    """
    counted = f"{count(successes)}/{trials}"
    if trials == 0 or not 0 <= successes <= trials:
        return counted
    interval = wilson(successes, trials)
    return f"{counted} [{100 * interval.low:.1f}, {100 * interval.high:.1f} %]"


def _percent(share: float, none: bool, every: bool) -> str:
    text = f"{100 * share:.1f}"
    if text == "100.0" and not every:
        return "99.9"
    return "0.1" if text == "0.0" and not none else text


def count(value: float) -> str:
    """A number without needless digits: `20`, `0.25`, `1.2e+07`."""
    if isfinite(value) and float(value).is_integer() and abs(value) < 1e7:
        return str(int(value))
    return f"{value:.3g}"


def size(octets: float) -> str:
    """Bytes with the unit that fits: `512 B`, `9.09 kB`, `17.6 MB`."""
    if not isfinite(octets):
        return "-"
    for unit in ("B", "kB", "MB", "GB"):
        if abs(octets) < 999.5:
            return f"{octets:.3g} {unit}"
        octets /= 1000
    return f"{octets:.3g} TB"


def duration(seconds: float) -> str:
    """A time with the unit that fits: `3.1 ms`, `1.25 s`, `210 s`."""
    if not isfinite(seconds):
        return "-"
    if abs(seconds) < 1.0:
        return f"{1000 * seconds:.1f} ms"
    return f"{seconds:.2f} s" if abs(seconds) < 100.0 else f"{seconds:.0f} s"


def measure(name: str, value: float) -> str:
    """The value in the unit that its name ends in."""
    return duration(value) if name.endswith("_seconds") else count(value)
