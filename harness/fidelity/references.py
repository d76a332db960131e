"""References: the recordings of real hardware that ship with samedevice, and what stands where there is none."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "references"
RULES = Path(__file__).parents[1] / "virtual" / "rules.json"


def references() -> tuple[str, ...]:
    """The recordings that ship, by name."""
    return tuple(str(file) for file in sorted(FOLDER.glob("*.json*")))


def derived_rows() -> int:
    """How many rows of the rule table were read from PyTorch's declarations, and recorded on no device."""
    kinds: dict[str, list[str]] = json.loads(RULES.read_text(encoding="utf-8"))["kinds"]
    return sum(map(len, kinds.values()))
