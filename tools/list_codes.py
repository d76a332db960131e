"""Write `docs/codes.md`: every finding code, by family, with a link to its page.

python tools/list_codes.py            # after a code was added to harness/codes.py
"""

from pathlib import Path

from samedevice.harness.codes import CODES
from samedevice.harness.page import families

LIST = Path(__file__).parent.parent / "docs/codes.md"
INTRODUCTION = """# Finding codes

Each code has a page: what it says, why it matters, a broken and a mended example, and how to live with it.
`samedevice explain SD201` prints one, and the tests run the examples. `python tools/list_codes.py` wrote this list.
"""


def text() -> str:
    """The whole list, as Markdown."""
    parts = [INTRODUCTION]
    for about, codes in families().items():
        rows = (f"| [{code}](../harness/pages/{code}.md) | {CODES[code]} |" for code in codes)
        parts.append(
            "\n".join((f"## {about[0].upper()}{about[1:]}", "", "| code | title |", "| --- | --- |", *rows, ""))
        )
    return "\n".join(parts)


if __name__ == "__main__":
    LIST.write_text(text(), encoding="utf-8")
