"""Model cards: the YAML between two lines of dashes at the top of README.md."""

import re
from typing import Any

_BLOCK = re.compile(r"\s*---[ \t]*\r?\n(.*?)\r?\n?---[ \t]*(?:\r?\n|$)", re.DOTALL)
# Field -> what it may be.
_TYPES: dict[str, tuple[type, ...]] = {
    "model-index": (list,),
    "license": (str, list),
    "tags": (list,),
    "language": (str, list),
    "datasets": (str, list),
    "metrics": (str, list),
    "library_name": (str,),
    "pipeline_tag": (str,),
    "base_model": (str, list),
}
_NAMES: dict[type, str] = {list: "an array", str: "a string"}


def metadata(text: str) -> tuple[dict[str, Any], list[str]]:
    """The metadata of a card, and what is wrong with it."""
    import yaml  # late: most requests need none

    block = _BLOCK.match(text)
    if block is None:
        return {}, []
    try:
        found = yaml.safe_load(block[1])
    except yaml.YAMLError as error:
        return {}, [f"Invalid YAML: {error}"]
    if found is None:
        return {}, []
    if not isinstance(found, dict):
        return {}, ["The metadata must be a mapping"]
    errors = [
        f'"{field}" must be {" or ".join(_NAMES[one] for one in kinds)}'
        for field, kinds in _TYPES.items()
        if found.get(field) is not None and not isinstance(found[field], kinds)
    ]
    return found, errors


def has_metadata(text: str) -> bool:
    """True where the card begins with a block of metadata."""
    return _BLOCK.match(text) is not None


def tags(found: dict[str, Any]) -> list[str]:
    """The tags that a card gives its repository."""
    own = [str(tag) for tag in found.get("tags") or () if isinstance(found.get("tags"), list)]
    named = [str(found[field]) for field in ("library_name", "pipeline_tag") if found.get(field)]
    prefixed = [
        f"{prefix}:{value}"
        for prefix, field in (("license", "license"), ("base_model", "base_model"), ("dataset", "datasets"))
        for value in _several(found.get(field))
    ]
    return list(dict.fromkeys([*named, *own, *_several(found.get("language")), *prefixed]))


def _several(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one) for one in values]
