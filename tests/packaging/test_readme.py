"""The README does what it says: its examples are run, its output compared."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from samedevice.harness.cli import main
from samedevice.harness.cli.door import COMMANDS

pytest_plugins = ["pytester"]

README = (Path(__file__).parents[2] / "README.md").read_text()


def block(language, words):
    """The first code block of a language that has these words in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if words in text)


NET = block("python", "class Net")
FROM_PYTHON = block("python", "samedevice.check(")
FROM_PYTEST = block("python", "def test_forward(device)")
SUITE = block("python", "ModelSuite(")
CHECK = block("console", "samedevice check")
AUDIT = block("console", "samedevice audit")
TRAINING = block("console", "samedevice run training")


@pytest.fixture
def net(tmp_path, monkeypatch):
    """The README's net.py in the working directory."""
    (tmp_path / "net.py").write_text(NET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", [module.__name__.rpartition(".")[2] for module in COMMANDS])
def test_every_command_has_its_row(command):
    assert f"\n| `samedevice {command}" in README


def test_the_check_prints_what_it_shows(net, capsys, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    command, _, shown = CHECK.split("\n", 2)
    assert main(command.split()[2:]) == 1
    printed = capsys.readouterr().out
    assert printed[printed.index("checks of") :].strip() == shown.strip()


def test_the_audit_prints_what_it_shows(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sizes = {"n_layer": 2, "n_embd": 16, "n_head": 2, "vocab_size": 60, "n_positions": 16}
    model = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=0, eos_token_id=0))
    model.save_pretrained("run")
    with torch.no_grad():
        model.transformer.wpe.weight.add_(1)
    model.save_pretrained("run", max_shard_size="20KB")
    capsys.readouterr()
    command, _, shown = AUDIT.split("\n", 2)
    assert main(command.split()[2:]) == 1
    printed = capsys.readouterr().out
    assert printed[printed.index("files of") :].strip() == shown.strip()


def but_for_numbers(text):
    """Losses differ in their last digits between CPUs, and columns with them."""
    return re.sub(r"[ -]+", " ", re.sub(r"\d+(\.\d+)?(e[+-]\d+)?", "0", text)).strip()


def test_the_trainings_print_what_it_shows(capsys):
    command, _, shown = TRAINING.split("\n", 2)
    assert main(shlex.split(command)[2:]) == 0
    printed = capsys.readouterr().out
    assert but_for_numbers(printed[printed.index("training: training success") :]) == but_for_numbers(shown)


def test_the_python_example_holds(net):
    (net / "example.py").write_text(FROM_PYTHON)
    subprocess.run([sys.executable, "example.py"], cwd=net, check=True, timeout=120)


def test_the_pytest_example_fails_where_it_says(pytester):
    pytester.makepyfile(net=NET, test_net=FROM_PYTEST)
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess("-v", "--devices", "cpu,cuda,mps")
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(["*test_forward[[]cpu[]] PASSED*", "*test_report FAILED*", "*= samedevice =*"])


def test_the_suite_of_the_readme_is_a_test_of_each_check(pytester):
    pytester.makepyfile(net=NET, test_net=SUITE)
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess("-v", "--devices", "cuda", "-k", "placement or forward or generate")
    result.stdout.fnmatch_lines(["test_net.py::suite::placement[[]cuda:0[]] FAILED*", "*suite::forward[[]cuda:0[]]*"])
    assert result.parseoutcomes().keys() == {"failed", "skipped", "deselected"}
