"""Text broken into lines of a terminal."""

import textwrap

WIDTH = 100


def paragraph(text: str, indent: str = "", hang: str | None = None, width: int = WIDTH) -> str:
    """`text` in lines of at most `width` columns; `hang` indents those after the first. Long words stay whole."""
    return textwrap.fill(
        text,
        width=width,
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
