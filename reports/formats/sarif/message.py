"""Plain text as SARIF wants it: what would be a placeholder or a link in it is said as text."""

from ..escape import lines


def message(text: str) -> dict[str, str]:
    """A `message` object. Braces are doubled (SARIF 3.11.5); `](` would make a link of the words before it (3.11.6)."""
    return {"text": lines(text).replace("{", "{{").replace("}", "}}").replace("](", "] (") or "-"}
