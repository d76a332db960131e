"""Other people's words made harmless: a name or message never moves a cursor, breaks a table or becomes markup."""

import re

# In the middle of a word GitHub's Markdown leaves an underscore alone.
_MARKUP = re.compile(r"[\\`*\[\]<>|~#$&]|(?<![^\W_])_|_(?![^\W_])")

# Where a backslash would not do: a pipe splits table cells, an ampersand starts an entity.
_ENTITIES = {"|": "&#124;", "&": "&amp;"}


def line(text: str) -> str:
    """One line without control characters: line breaks become blanks, the rest (escape codes, say) is spelled out."""
    return spelled(" ".join(text.split()))


def lines(text: str) -> str:
    """The same text over its lines: each is made harmless for itself, its indentation stays."""
    return "\n".join(spelled(one.expandtabs(4)) for one in text.splitlines())


def spelled(text: str) -> str:
    """Every character that does not print on its line as Python would write it: `\\x1b`, `\\u202e`, `\\n`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def clipped(text: str, most: int) -> str:
    """At most so many characters; a text that was cut ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def markdown(text: str) -> str:
    """The text for a Markdown page or table cell: shown as it is, never read as markup."""
    return _MARKUP.sub(lambda hit: _ENTITIES.get(hit[0], f"\\{hit[0]}"), line(text))
