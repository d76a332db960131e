"""README and docs do what they say: each page is worked through from top to bottom, in a folder of its own.

What a block is follows from its language and from what stands before it:

- code after a paragraph that names a file and ends with a colon ("`net.py`:") is written there;
- other `python` is run, and a `text` block right after it is what it prints;
- `console` has commands after `$ ` and what they print, in which `...` stands for anything;
- `sh`, and what is only indented, is for another place or time: its `samedevice` commands must be words that are taken;
- `json`, `toml` and `yaml` must be what they say.

HTML comments before a block say the rest: `<!-- given: NAME -->` prepares (a function of this module),
`<!-- raises: NAME -->` is how the example ends, `<!-- numbers differ -->` compares all but the numbers, and
`<!-- not run: REASON -->` leaves it out.
"""

import contextlib
import doctest
import io
import json
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
import yaml
from markdown_it import MarkdownIt
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

from samedevice.harness.cli import main
from samedevice.harness.cli.door import parser
from samedevice.harness.errors import SamedeviceError

ROOT = Path(__file__).parents[2]
# docs/codes/ holds the pages of `samedevice explain`, whose examples are run by tests/specimens/test_pages.py.
PAGES = [
    page
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
    if page.parent.name != "codes"
]
FILE = re.compile(r"`([\w./-]+\.\w+)`[^`]*:$")
COMMENT = re.compile(r"<!-- (given|raises|numbers differ|not run)\b:? ?(.*?) ?-->")
PARSERS = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block of code, the line that it is on, and what stands before it."""

    language: str
    text: str
    line: int
    before: str
    words: dict[str, str]


def blocks(page):
    """The blocks of a page, in order."""
    before, words = "", {}
    for token in MarkdownIt().enable("table").parse(page.read_text()):
        if token.type == "inline":
            before, words = token.content, {}
        elif token.type == "html_block" and (said := COMMENT.match(token.content)):
            words = {**words, said[1]: said[2]}
        elif token.type in ("fence", "code_block") and not token.info.startswith("{"):  # else it is Sphinx's
            language = token.info if token.type == "fence" else "sh"
            yield Block(language=language, text=token.content, line=token.map[0] + 1, before=before, words=words)
            before, words = "", {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_page_does_what_it_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    modules, printed, names = set(sys.modules), None, {"__name__": "__main__"}
    try:
        for block in blocks(page):
            try:
                printed = work_through(block, printed, names)
            except Exception as error:
                error.add_note(f"in the block at {page.relative_to(ROOT)}:{block.line}")
                raise
    finally:
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
                del sys.modules[name]


def work_through(block, printed, names):
    """Do what a block says; what it printed, if it is a script."""
    if "given" in block.words:
        PREPARATIONS[block.words["given"]]()
    if "not run" in block.words:
        assert block.words["not run"], "say why it is not run"
    elif file := FILE.search(block.before):
        Path(file[1]).parent.mkdir(parents=True, exist_ok=True)
        Path(file[1]).write_text(block.text)
    elif block.language == "python":
        return script(block, names)
    elif block.language == "text":
        if printed is not None:
            same(block, printed, block.text)
    elif block.language == "console":
        session(block)
    elif block.language == "sh":
        understood(block.text)
    else:
        PARSERS[block.language](block.text)
    return None


def script(block, names):
    """Run Python, and return what it printed."""
    ending = block.words.get("raises")
    with contextlib.redirect_stdout(io.StringIO()) as out, Raises(ending):
        exec(compile(block.text, f"line {block.line}", "exec"), names)
    return out.getvalue()


class Raises(contextlib.AbstractContextManager):
    """Expect an exception by its name, or none."""

    def __init__(self, name):
        self.name = name

    def __exit__(self, kind, error, traceback):
        assert self.name is None or kind is not None, f"{self.name} was not raised"
        return kind is not None and kind.__name__ == self.name


def session(block):
    """Type the commands of a console, and compare what they print."""
    code = None
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, wanted = part.partition("\n")
        code, printed = (0, f"{code}\n") if line == "echo $?" else typed(line)
        same(block, printed, wanted)


def typed(line):
    """What a command does: its exit code, and what it prints; an error message only where that is all."""
    program, *words = shlex.split(line)
    if program == "samedevice":
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as said:
            code = main(words)
        return code, out.getvalue() or said.getvalue()
    assert program in ("pytest", "python"), f"nobody knows how to test `{program}`: put it into a block of sh"
    given = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"] if program == "pytest" else []
    done = subprocess.run([sys.executable, *given, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout or done.stderr


def same(block, printed, wanted):
    """Compare: `...` stands for anything, and white space for white space."""
    printed, wanted = (but_for_numbers(t) if "numbers differ" in block.words else t for t in (printed, wanted))
    rules = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    checker, example = doctest.OutputChecker(), doctest.Example("", wanted)
    if not checker.check_output(example.want, printed, rules):
        raise AssertionError(checker.output_difference(example, printed, rules | doctest.REPORT_NDIFF))


def but_for_numbers(text):
    """Times differ between runs, losses in their last digits between CPUs, and columns with them."""
    return re.sub(r"[ -]+", " ", re.sub(r"\d+(\.\d+)?(e[+-]\d+)?", "0", text)).strip() + "\n"


def understood(text):
    """Every `samedevice` command has words that the command line takes."""
    for line in text.replace("\\\n", " ").splitlines():
        for command in re.split(r"\||&&|;", line):
            words = shlex.split(command, comments=True)
            if words and words[0] == "samedevice":
                parser().parse_args(words[1:])


def rival_checkpoints():
    """A folder `run` with an older single file beside the shards of a newer save."""
    sizes = {"n_layer": 2, "n_embd": 16, "n_head": 2, "vocab_size": 60, "n_positions": 16}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0))
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    model.save_pretrained("run")
    with torch.no_grad():
        model.transformer.wpe.weight.add_(1)
    model.save_pretrained("run", max_shard_size="20KB")
    if shown:
        logging.enable_progress_bar()


def installed_project():
    """What `pip install .` would leave of the page's pyproject.toml: metadata with its entry points."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    lines = [f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", ""]
    for group, entries in project["entry-points"].items():
        lines[1] += f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
    folder = Path(f"{project['name'].replace('-', '_')}-{project['version']}.dist-info")
    folder.mkdir()
    for name, text in zip(("METADATA", "entry_points.txt"), lines, strict=True):
        (folder / name).write_text(text)


def a_model():
    """A net.py with a class, a factory and inputs."""
    make = "def make():\n    return Net()\n\ndef inputs():\n    return torch.ones(2, 4)\n"
    Path("net.py").write_text(
        f"import torch\n\nclass Net(torch.nn.Linear):\n    def __init__(self):\n        "
        f"super().__init__(4, 4)\n\n{make}"
    )


PREPARATIONS = {function.__name__: function for function in (rival_checkpoints, installed_project, a_model)}


def test_the_files_of_a_page_are_told_from_its_scripts():
    named = [block.before for page in PAGES for block in blocks(page) if FILE.search(block.before)]
    assert FILE.search("`net.py`, with a bug:")[1] == "net.py"
    assert FILE.search("In `tests/test_net.py`:")[1] == "tests/test_net.py"
    assert FILE.search("`net.py` has a `name`:") is None
    assert named


@pytest.fixture
def works(tmp_path, monkeypatch):
    """Work through a page of this text."""
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"

    def through(text):
        page.write_text(text)
        names = {}
        printed = None
        for block in blocks(page):
            printed = work_through(block, printed, names)

    return through


def fenced(language, text):
    return f"```{language}\n{text}\n```\n"


RIGHT = {
    "printed": fenced("python", "print(1 + 1)") + "\n" + fenced("text", "2"),
    "named before": fenced("python", "x = 1") + "\n" + fenced("python", "assert x == 1"),
    "raised": "<!-- raises: ZeroDivisionError -->\n\n" + fenced("python", "1 / 0"),
    "written": "`a.py`:\n\n" + fenced("python", "print(3)") + "\n" + fenced("console", "$ python a.py\n3"),
    "numbers": "<!-- numbers differ -->\n\n" + fenced("console", "$ python -c 'print(12.5)'\n13.1"),
    "left out": "<!-- not run: it would never end -->\n\n" + fenced("python", "while True: ..."),
    "for another place": "    samedevice check net.py:Net --devices cpu && pip install torch\n",
    "data": fenced("json", "{}") + "\n" + fenced("toml", "x = 1") + "\n" + fenced("yaml", "x: 1"),
}
WRONG = {
    "printed": fenced("python", "print(1 + 1)") + "\n" + fenced("text", "3"),
    "raised": fenced("python", "1 / 0"),
    "not raised": "<!-- raises: ZeroDivisionError -->\n\n" + fenced("python", "1 / 1"),
    "raised otherwise": "<!-- raises: ZeroDivisionError -->\n\n" + fenced("python", "int('one')"),
    "printed by a command": fenced("console", "$ python -c 'print(3)'\n4"),
    "exit code": fenced("console", "$ samedevice explain SD201\n...\n$ echo $?\n1"),
    "a command nobody knows": fenced("console", "$ sudo reboot"),
    "a stale option": fenced("sh", "samedevice check net.py:Net --devises cpu"),
    "without a reason": "<!-- not run: -->\n\n" + fenced("python", "1 / 0"),
    "no data": fenced("json", "{"),
    "an unknown language": fenced("cobol", "STOP RUN."),
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_an_example_that_holds(works, text):
    works(text)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_an_example_that_does_not_hold(works, text):
    with pytest.raises((AssertionError, ArithmeticError, KeyError, ValueError, SamedeviceError)):
        works(text)
