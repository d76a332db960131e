"""One report in every format, as it was read by eye. `SAMEDEVICE_GOLDEN=write pytest <this file>` writes it anew."""

import os
import re
from pathlib import Path

import pytest

from samedevice.harness import catalog

GOLDEN = Path(__file__).parent / "golden"
FILES = ("table.txt", "markdown.md", "junit.xml", "sarif.json", "github.txt", "badge.json", "html.html")


def rendered(file, sample):
    """The text of a format; of the page without style, script and explain pages, which are files of ours."""
    text = catalog.renderer(file.partition(".")[0])(sample)
    text = re.sub(r"<(style|script)>.*?</\1>|Content-Security-Policy\".*?>", "", text, flags=re.DOTALL)
    return re.sub(r',"pages":{.*}}', "}", text)


@pytest.mark.parametrize("file", FILES)
def test_is_as_it_was_read(sample, file):
    text = rendered(file, sample)
    if os.environ.get("SAMEDEVICE_GOLDEN") == "write":
        (GOLDEN / file).write_text(text, encoding="utf-8")
    assert (GOLDEN / file).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("file", FILES)
def test_names_no_folder_of_this_machine(sample, file, repository):
    assert str(repository) not in rendered(file, sample)
