"""How an unknown name is answered: the nearest known one, then all of them."""

from collections.abc import Iterable
from difflib import get_close_matches

# More names than a reader looks through: the nearest one and the first few are enough.
_MOST, _SOME = 150, 10


def listed(wrong: str, known: Iterable[str]) -> str:
    """The tail of an error message about a wrong name: `, did you mean 'rope'? Known are alibi, rope`."""
    names = list(dict.fromkeys(known))
    near = get_close_matches(wrong, names, n=1)
    meant = f", did you mean {near[0]!r}?" if near else ";"
    shown = names if len(names) <= _MOST else [*names[:_SOME], f"and {len(names) - _SOME} more"]
    return f"{meant} known are: {', '.join(shown)}" if names else "; none are known"
