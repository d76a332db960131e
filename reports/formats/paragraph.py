"""Text broken into lines of a terminal."""

import textwrap

WIDTH = 100


def paragraph(text: str, indent: str = "", hang: str | None = None) -> str:
    """`text` in lines of at most 100 columns; `hang` indents the lines after the first. Long words stay whole."""
    return textwrap.fill(
        text,
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
