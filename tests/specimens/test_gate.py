"""A pull request, from its commits to its gate: a seeded bug of each family fails in the line that the diff adds."""

import json
import re
import shlex
import subprocess
import sys

import pytest

from samedevice.harness.cli import main
from samedevice.harness.page import page

# One code for each family. SD7 has the file of the diff, since a checkpoint has no lines; SD8 is below.
SEEDED = {
    "SD1": "SD103",
    "SD2": "SD201",
    "SD3": "SD301",
    "SD4": "SD408",
    "SD5": "SD507",
    "SD6": "SD603",
    "SD7": "SD711",
    "SD9": "SD902",
}

# The simulation asks whole suites of language models: this one is a stranger's, found by entry point as ours are.
SUITE = """
from pathlib import Path

from samedevice.harness.script import Script
from samedevice.harness.suite import Suite
from samedevice.harness.target import Target
from samedevice.suites.math.forward import FORWARD


def targets():
    script = Script(Path(__file__).with_name("net.py"))
    return (Target(name="bigrams", build=lambda: script.fresh().Bigrams()),)


SUITE = Suite(name="bigrams", title="Bigrams", targets=targets, checks=(FORWARD,))
"""
INSTALLED = {
    "METADATA": "Metadata-Version: 2.1\nName: bigrams\nVersion: 1\n",
    "entry_points.txt": "[samedevice.suites]\nbigrams = bigrams_suite:SUITE\n",
}
BIGRAMS = """
from types import SimpleNamespace

import torch
from torch import nn


class Bigrams(nn.Module):
    config = SimpleNamespace(vocab_size=259)

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(259, 259)

    def forward(self, input_ids, attention_mask):
        scores = self.table(input_ids)
        {line}
        return SimpleNamespace(logits=scores)
"""
MENDED, BROKEN = "scores = scores * attention_mask.unsqueeze(-1)", "scores = scores * attention_mask"


def block(code, heading, language):
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page(code), re.DOTALL | re.MULTILINE)[1]
    return re.search(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[1]


class Repository:
    """A throwaway repository that gates its pull requests."""

    def __init__(self, folder, code):
        self.code = code
        self.begin(folder, shlex.split(block(code, "Broken", "sh"))[1:])

    def begin(self, folder, words):
        self.folder, self.words = folder, words
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.email", "you@example.org")
        self.git("config", "user.name", "You")

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def write(self, heading):
        """The page's example: a model, or a script that makes a checkpoint."""
        text = block(self.code, heading, "python")
        if self.words[0] == "check":
            (self.folder / "net.py").write_text(text)
        else:
            exec(compile(text, "example.py", "exec"), {"__name__": "__main__"})

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def run(self, report):
        # In this process: the Hub and its clients are started once for all runs.
        inside = ["-j", "0"] if "hub" in self.words else []
        return main([*self.words, *inside, "--json", f".git/{report}.json"])

    def gate(self, report, *words):
        return main(["gate", f".git/{report}.json", "--baseline", "baseline.jsonl", *words])

    def judged(self, report, capsys):
        capsys.readouterr()
        code = self.gate(report, "--format", "json")
        return code, json.loads(capsys.readouterr().out)

    def added_lines(self):
        """File and line of everything that the branch adds."""
        file, found = "", set()
        for line in self.git("diff", "-U0", "main...HEAD").splitlines():
            if line.startswith("+++ b/"):
                file = line.removeprefix("+++ b/")
            elif hunk := re.match(r"@@ \S+ \+(\d+)(?:,(\d+))? @@", line):
                found |= {(file, int(hunk[1]) + at) for at in range(int(hunk[2] or 1))}
        return found


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return lambda code: Repository(tmp_path, code)


@pytest.mark.parametrize("code", SEEDED.values(), ids=SEEDED)
def test_a_seeded_bug_fails_in_the_diffs_line_and_mended_it_passes(repository, capsys, code):
    if code.startswith("SD7"):
        seeded_file(repository(code), capsys)
        return
    seeded_line(repository(code), code, capsys)


def seeded_line(project, code, capsys):
    """The finding names a line that the branch adds."""
    project.write("Mended")
    project.run("mended")
    assert project.gate("mended", "--update") == 0
    project.commit("A net, and the baseline that it holds to")
    project.git("checkout", "--quiet", "-b", "seeded")
    project.write("Broken")
    project.commit("Break it")
    assert project.run("broken") == 1
    exit_code, told = project.judged("broken", capsys)
    assert (exit_code, told["fails"]) == (1, True)
    found = [one for cell in told["cells"] if cell["state"] == "FAIL" for one in cell["findings"]]
    ours = [one for one in found if one["code"] == code]
    places = {(p["file"].rpartition("/")[2], p["line"]) for one in ours for p in (one["origin"], one["use"]) if p}
    assert places & project.added_lines()
    mended_passes_and_an_improvement_asks(project, capsys)


class Simulated(Repository):
    """A throwaway repository whose language model goes through the simulation."""

    def __init__(self, folder):
        self.begin(folder, ["run", "bigrams", "--devices", "cpu"])
        installed = folder / "bigrams-1.dist-info"
        installed.mkdir()
        for name, text in INSTALLED.items():
            (installed / name).write_text(text)
        (folder / "bigrams_suite.py").write_text(SUITE)

    def write(self, heading):
        (self.folder / "net.py").write_text(BIGRAMS.format(line=BROKEN if heading == "Broken" else MENDED))


def test_a_simulation_that_is_broken_fails_in_the_diffs_line_and_mended_it_passes(repository, capsys, tmp_path):
    sys.path.insert(0, str(tmp_path))
    seeded_line(Simulated(tmp_path), "SD801", capsys)


def seeded_file(project, capsys):
    """A checkpoint has no lines: the finding names the file that the diff changes."""
    project.write("Broken")
    project.write("Mended")
    project.run("mended")
    assert project.gate("mended", "--update") == 0
    project.commit("A checkpoint, and the baseline that it holds to")
    project.git("checkout", "--quiet", "-b", "seeded")
    for path in (project.folder / "run").iterdir():
        path.unlink()
    (project.folder / "run").rmdir()
    project.write("Broken")
    project.commit("Cut it")
    assert project.run("broken") == 1
    exit_code, told = project.judged("broken", capsys)
    (cell,) = (cell for cell in told["cells"] if cell["state"] == "FAIL")
    (ours,) = (one for one in cell["findings"] if one["code"] == project.code)
    assert exit_code == 1
    assert f"run/{ours['subject']}" in project.git("diff", "--name-only", "main...HEAD").splitlines()
    mended_passes_and_an_improvement_asks(project, capsys)


def mended_passes_and_an_improvement_asks(project, capsys):
    project.write("Mended")
    project.commit("Mend it")
    project.run("again")
    assert project.gate("again") == 0
    assert project.gate("broken", "--update", "--reason", "it was always so") == 0
    assert project.gate("broken") == 0
    exit_code, told = project.judged("again", capsys)
    assert exit_code == 1
    assert "IMPROVED" in told["counts"]
    assert told["update"] == "samedevice gate .git/again.json --baseline baseline.jsonl --update"
    assert main(shlex.split(told["update"])[1:]) == 0
    assert project.gate("again") == 0
    assert "baseline.jsonl" not in project.git("status", "--porcelain")  # back to what was committed
