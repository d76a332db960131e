"""Sphinx's settings: the site is the Markdown of this repository where it stands, and the docstrings of the package.

tox -e docs
"""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = Path(importlib.util.find_spec("samedevice").origin).parent

project = "samedevice"
copyright = "the authors of samedevice"
extensions = ["myst_parser", "autoapi.extension"]

# The sources are the repository's own pages, so that a link that works in a checkout works on the site.
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**.md", "reports/compatibility/*.md"]
exclude_patterns = ["docs/contents.md"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "samedevice"
html_extra_path = ["index.html"]
# The reference reads a few modules alone, whose imports from all others it then cannot follow; a folder may be empty.
suppress_warnings = ["autoapi.python_import_resolution", "toc.empty_glob"]

# The reference is read from the source files, and nothing is imported: torch need not be there.
REFERENCE = ROOT / "docs/reference/python.md"
MODULES = set(re.findall(r"autoapi\w+:: (samedevice[\w.]+)\.\w+\n", REFERENCE.read_text()))
PUBLIC = {"__init__", "harness/__init__", "harness/virtual/__init__"}
PUBLIC |= {name.partition(".")[2].replace(".", "/") for name in MODULES}
autoapi_dirs = [str(PACKAGE)]
autoapi_ignore = sorted(
    str(file) for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).with_suffix("").as_posix() not in PUBLIC
)
autoapi_generate_api_docs = False
autoapi_add_toctree_entry = False
autoapi_options = ["members", "undoc-members"]
add_module_names = False
default_role = "code"


def _with_contents(app, name, source):
    """README is the front page; on the site it has the table of contents, which GitHub would show as code."""
    if name == root_doc:
        source[0] += "\n" + (ROOT / "docs/contents.md").read_text(encoding="utf-8")


def setup(app):
    """What Sphinx calls."""
    app.connect("source-read", _with_contents)
