"""Markup from words that are not ours."""

from collections.abc import Iterable, Sequence, Set
from html import escape

from ..escape import line


def text(words: str) -> str:
    """Words for elements and quoted attributes: never markup, and no control or bidirectional character is left."""
    return escape(line(words))


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table of plain words; the columns in `right` hold numbers. It scrolls inside its box where it is too wide."""
    right = frozenset(right)
    head = _row('th scope="col"', headers, right)
    body = "\n".join(_row("td", row, right) for row in rows)
    return f'<div class="scroll"><table><thead>{head}</thead><tbody>\n{body}\n</tbody></table></div>'


def _row(tag: str, words: Sequence[str], right: Set[int]) -> str:
    name = tag.partition(" ")[0]
    cells = (f"<{tag}{' class=number' if at in right else ''}>{text(word)}</{name}>" for at, word in enumerate(words))
    return f"<tr>{''.join(cells)}</tr>"


def section(name: str, title: str, *parts: str) -> str:
    """A section with its heading, which names it for those who do not see."""
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{text(title)}</h2>\n{"".join(parts)}\n</section>'
