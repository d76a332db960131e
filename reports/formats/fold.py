"""A long page made to fit: what is long is folded, what does not fit is left out, and both are said.

A page that is folded has its gravest section first, with half of the room or what the others leave. Of those the small
ones stay whole, the big ones share evenly what is left, and keep their first, most important items.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A section with more items is folded; these stay open.
LONG, OPEN = 50, 10
# Room for the line that says what was left out, and for the tags of what is folded.
_SPARE = 200

Size = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled part of a page. `whole` is how it looks where there is room; `items` are its parts, the worst first.

    Each item is Markdown that stands for itself below `head`, such as a row below the head of its table. Of two
    sections the one of lower `rank` is seen first; 0 is the gravest.
    """

    title: str
    whole: str
    items: tuple[str, ...]
    noun: str
    rank: int = 3
    head: str = ""
    gap: str = "\n"


def fitted(before: Sequence[str], sections: Sequence[Section], after: Sequence[str], limit: int, size: Size) -> str:
    """The page with a newline at the end: `before`, the sections, `after`; at most `limit` by `size`.

    What comes before and after must fit.
    """
    whole = _joined([*before, *(section.whole for section in sections), *after])
    if size(whole) <= limit and all(len(section.items) <= LONG for section in sections):
        return whole
    sections = sorted(sections, key=lambda section: section.rank)
    parts = [section.whole if len(section.items) <= LONG else _cut(section, None, size) for section in sections]
    room = limit - size(_joined([*before, *after])) - _SPARE
    needs = [size(part) + 2 for part in parts]
    first = min(needs[0], max(room // 2, room - sum(needs[1:]))) if sections[0].rank == 0 else 0
    shares = [first, *_shares(needs[1:], room - first)] if first else _shares(needs, room)
    cut = [
        part if size(part) + 2 <= share else _cut(section, share - 2, size)
        for section, part, share in zip(sections, parts, shares, strict=True)
    ]
    gone = sum(not part for part in cut)
    told = [f"{gone} section{'s' * (gone != 1)} did not fit: the JSON report has all."] if gone else []
    return _joined([*before, *filter(None, cut), *told, *after])


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _shares(needs: Sequence[int], room: int) -> list[int]:
    """Room for each: who needs little has all of it, the others share the rest evenly."""
    shares = [0] * len(needs)
    for done, at in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        shares[at] = min(needs[at], max(0, room) // (len(needs) - done))
        room -= shares[at]
    return shares


def _cut(section: Section, room: int | None, size: Size) -> str:
    """The section with as many items as there is room for; empty where there is none even for one."""
    kept, left = 0, 0 if room is None else room - _SPARE - size(section.title) - 2 * size(section.head)
    for item in section.items:
        left -= size(item) + len(section.gap)
        if room is not None and left < 0:
            break
        kept += 1
    if not kept and section.items:
        return ""
    parts = [section.title, _block(section, section.items[:OPEN])]
    if kept > OPEN:
        folded = section.items[OPEN:kept]
        parts.append(f"<details><summary>{len(folded)} more {section.noun}</summary>")
        parts += [_block(section, folded), "</details>"]
    else:
        parts[1] = _block(section, section.items[:kept])
    if rest := len(section.items) - kept:
        parts.append(f"{rest} more {section.noun} did not fit: the JSON report has all.")
    return "\n\n".join(parts)


def _block(section: Section, items: Sequence[str]) -> str:
    body = section.gap.join(items)
    return f"{section.head}\n{body}" if section.head else body
