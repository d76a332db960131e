"""A pull request, from its commits to its gate: a seeded bug of each family fails in the line that the diff adds."""

import json
import re
import shlex
import subprocess
import sys

import pytest

from samedevice.harness.cli import main
from samedevice.harness.page import page

# One code for each family that `check` or `audit` can find, and whose finding has a line or a file of the diff.
SEEDED = {
    "SD1": "SD103",
    "SD2": "SD201",
    "SD3": "SD301",
    "SD4": "SD408",
    "SD5": "SD507",
    "SD7": "SD711",
    "SD9": "SD902",
}


def block(code, heading, language):
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page(code), re.DOTALL | re.MULTILINE)[1]
    return re.search(rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[1]


class Repository:
    """A throwaway repository that gates its pull requests."""

    def __init__(self, folder, code):
        self.folder = folder
        self.code = code
        self.words = shlex.split(block(code, "Broken", "sh"))[1:]
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
        return main([*self.words, "--json", f".git/{report}.json"])

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
    project = repository(code)
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
