"""Other people's words made harmless: a name or message never moves a cursor, breaks a table or becomes markup."""

import re

# In the middle of a word GitHub's Markdown leaves an underscore alone.
_MARKUP = re.compile(r"[\\`*\[\]<>|~#$&]|(?<![^\W_])_|_(?![^\W_])")

# Where a backslash would not do: a pipe splits table cells, an ampersand starts an entity.
_ENTITIES = {"|": "&#124;", "&": "&amp;"}


def line(text: str) -> str:
    """One line without control characters: line breaks become blanks, the rest (escape codes, say) is spelled out."""
    flat = " ".join(text.split())
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in flat)


def markdown(text: str) -> str:
    """The text for a Markdown page or table cell: shown as it is, never read as markup."""
    return _MARKUP.sub(lambda hit: _ENTITIES.get(hit[0], f"\\{hit[0]}"), line(text))
