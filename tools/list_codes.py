"""Write `docs/codes.md` and `docs/codes/`: every finding code by family, and the page of each.

python tools/list_codes.py            # after a code or a page was added or changed

The pages live in `harness/pages/`, where `samedevice explain` reads them; in `docs/codes/` they have titles.
"""

from pathlib import Path

from samedevice.harness.codes import CODES
from samedevice.harness.page import families, page

DOCS = Path(__file__).parent.parent / "docs"
LIST = DOCS / "codes.md"
PAGES = DOCS / "codes"
INTRODUCTION = """# Finding codes

Each code has a page: what it says, why it matters, a broken and a mended example, and how to live with it.
`samedevice explain SD201` prints one, and the tests run the examples. `python tools/list_codes.py` wrote this list and
the pages.
"""


def text() -> str:
    """The whole list, as Markdown."""
    parts = [INTRODUCTION]
    for about, codes in families().items():
        rows = (f"| [{code}](codes/{code}.md) | {CODES[code]} |" for code in codes)
        parts.append(
            "\n".join((f"## {about[0].upper()}{about[1:]}", "", "| code | title |", "| --- | --- |", *rows, ""))
        )
    return "\n".join(parts)


def files() -> dict[Path, str]:
    """Every file that this tool writes, with its text."""
    return {LIST: text(), **{PAGES / f"{code}.md": page(code) for code in CODES}}


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for stale in set(PAGES.iterdir()) - files().keys():
        stale.unlink()
    for file, written in files().items():
        file.write_text(written, encoding="utf-8")
