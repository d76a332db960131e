"""The page of a finding code: what it says, why it matters, a broken and a mended example, how to live with it."""

import re
from pathlib import Path

from .codes import CODES

LIVING = "## Living with it\n"
FOLDER = Path(__file__).parent / "pages"

FAMILIES: dict[str, str] = {
    "SD1": "placement: a tensor is on the wrong device, stale after a move, or left on meta",
    "SD2": "mismatch: an operation mixed devices, or asked for what the device does not have",
    "SD3": "transfers: hidden copies between host and device",
    "SD4": "parity and determinism: two ways of computing the same disagree",
    "SD5": "round trip: what a model loses on its way to disk and back",
    "SD6": "Hub",
    "SD7": "audit: a checkpoint that is unsafe or damaged",
    "SD8": "simulation and training",
    "SD9": "samedevice itself",
}


def page(code: str) -> str:
    """The page of a code of `CODES` as Markdown, its title first."""
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    head, heading, rest = text.partition(LIVING)
    living, *after = re.split(r"(?=^## )", rest, maxsplit=1, flags=re.MULTILINE)
    said = f"{head}{heading}{living.rstrip()}\n\n{_silencing(code)}\n"
    return f"# {code}: {CODES[code]}\n\n{said}" + "".join(f"\n{section}" for section in after)


def _silencing(code: str) -> str:
    """How to accept a finding of the code: the same words for all."""
    if code.startswith("SD9"):
        return "A finding about a suppression cannot be suppressed."
    entry = f'`ignore = [{{ code = "{code}", subject = "...", reason = "why" }}]`'
    table = f"the table `[tool.samedevice]` of `pyproject.toml`: {entry}."
    if code.startswith("SD7"):  # a file of weights has no line for a comment
        return f"To accept it for a reason, write it in\n{table}"
    comment = f"`# samedevice: ignore[{code}] -- why`"
    return f"To accept it for a reason, write {comment} on its statement or on the line above, or in\n{table}"


def families() -> dict[str, tuple[str, ...]]:
    """The codes of each family that has any, under what it is about."""
    found = {about: tuple(code for code in CODES if code.startswith(family)) for family, about in FAMILIES.items()}
    return {about: codes for about, codes in found.items() if codes}
