"""Every code has a page, every page a code, and every page its sections."""

import re
from pathlib import Path
from runpy import run_path

import pytest

from samedevice.harness.codes import CODES
from samedevice.harness.page import FAMILIES, FOLDER, families, page
from samedevice.harness.suppressing.comments import comments
from samedevice.harness.suppressing.configured import entries

ROOT = Path(__file__).parents[2]
SECTIONS = ["What it says", "Why it matters", "Broken", "Mended", "Living with it"]


def prose(text):
    """Without the blocks of code."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def test_every_code_has_a_page_and_every_page_a_code():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_sections_in_order(code):
    headings = re.findall(r"^## (.+)$", page(code), re.MULTILINE)
    assert headings[:5] == SECTIONS
    assert headings[5:] in ([], ["Where it comes from"])


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_its_title_once(code):
    first, _, rest = page(code).partition("\n")
    assert first == f"# {code}: {CODES[code]}"
    assert not re.search(r"^# \w", prose(rest), re.MULTILINE)
    for section in re.split(r"^## .+$", rest, flags=re.MULTILINE)[1:]:
        assert len(section.split()) > 4


@pytest.mark.parametrize("code", CODES)
def test_what_a_page_says_is_more_than_its_title(code):
    says, why = re.split(r"^## .+$", page(code), flags=re.MULTILINE)[1:3]
    assert min(len(says.split()), len(why.split())) > len(CODES[code].split())


@pytest.mark.parametrize("code", CODES)
def test_a_page_names_only_codes_that_are_there(code):
    assert set(re.findall(r"\bSD\d{3}\b", page(code))) <= CODES.keys()


@pytest.mark.parametrize("code", CODES)
def test_a_page_fits_its_lines(code):
    assert max(map(len, page(code).splitlines())) <= 120


def test_every_code_is_of_one_family():
    listed = [code for codes in families().values() for code in codes]
    assert listed == list(CODES)
    assert {code[:3] for code in CODES} <= FAMILIES.keys()


def test_the_list_of_codes_and_the_pages_in_docs_are_up_to_date():
    tool = run_path(str(ROOT / "tools/list_codes.py"))
    wanted = tool["files"]()
    assert len(wanted) == 1 + len(CODES)
    stale = [file.name for file, text in wanted.items() if not file.is_file() or file.read_text("utf-8") != text]
    assert stale == [], "python tools/list_codes.py"
    assert set(tool["PAGES"].iterdir()) <= wanted.keys(), "python tools/list_codes.py"


def test_the_links_of_the_list_and_of_the_pages_lead_somewhere():
    files = [ROOT / "docs/codes.md", *FOLDER.iterdir(), *(ROOT / "docs/codes").iterdir()]
    links = [
        (file, link) for file in files for link in re.findall(r"\]\(([^)]+)\)", prose(file.read_text(encoding="utf-8")))
    ]
    assert len(links) > len(CODES)
    assert [(file, link) for file, link in links if not (file.parent / link).is_file()] == []


@pytest.mark.parametrize("code", CODES)
def test_what_is_to_be_typed_stands_on_one_line(code):
    assert [line for line in prose(page(code)).splitlines() if line.count("`") % 2] == []


@pytest.mark.parametrize("code", CODES)
def test_living_with_it_says_how_to_suppress(code):
    (living,) = re.findall(r"^## Living with it\n(.*?)(?=^## |\Z)", page(code), re.DOTALL | re.MULTILINE)
    assert (f"# samedevice: ignore[{code}] -- why" in living) == (not code.startswith(("SD7", "SD9")))
    assert (f'ignore = [{{ code = "{code}", ' in living) == (not code.startswith("SD9"))


def test_what_the_pages_say_about_suppressions_is_what_is_read(tmp_path):
    said = page("SD301")
    (tmp_path / "net.py").write_text(f"x = 1  {re.search(r'`(# samedevice.*?)`', said)[1]}\n")
    (tmp_path / "pyproject.toml").write_text(f"[tool.samedevice]\n{re.search(r'`(ignore = .*?)`', said)[1]}\n")
    (comment,) = comments(str(tmp_path / "net.py"))
    (entry,) = entries(tmp_path / "pyproject.toml")
    assert (comment.codes, comment.reason, comment.flaw, entry.code, entry.reason) == (
        *(("SD301",), "why", None),
        *("SD301", "why"),
    )
