"""docs/gate.md says what is there: states, inputs of the action and the workflow, forms that are read."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from samedevice.harness.cli.door import parser
from samedevice.harness.gate import State
from samedevice.harness.suppressing.comments import comments
from samedevice.harness.suppressing.configured import entries

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/gate.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


ACTION, CALL, GITLAB, HOOKS = map(yaml.safe_load, blocks("yaml"))


def test_the_table_has_every_state_worst_first():
    assert re.findall(r"^\| ([A-Z ]+) \|", PAGE, re.MULTILINE) == list(State)


def test_the_commands_are_words_of_the_command_line():
    commands = [line.partition("#")[0] for line in "".join(blocks("sh")).splitlines()]
    assert len(commands) == 3
    for command in commands:
        parser().parse_args(shlex.split(command)[1:])


def test_the_comment_and_the_table_are_read(tmp_path):
    (tmp_path / "net.py").write_text(blocks("python")[0])
    (tmp_path / "pyproject.toml").write_text(blocks("toml")[0])
    assert [(one.codes, one.reason) for one in comments(str(tmp_path / "net.py"))] == [(("SD301",), "four floats")]
    assert [one.code for one in entries(tmp_path / "pyproject.toml")] == ["SD706"]


def test_the_examples_use_inputs_that_are_there():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    workflow = yaml.safe_load((ROOT / ".github/workflows/samedevice.yml").read_text())
    (step,) = (step for step in ACTION["jobs"]["samedevice"]["steps"] if "samedevice@" in step["uses"])
    assert set(step["with"]) <= set(action["inputs"])
    assert set(CALL["jobs"]["samedevice"]["with"]) <= set(workflow[True]["workflow_call"]["inputs"])
    job = yaml.safe_load((ROOT / "templates/gitlab/samedevice.yml").read_text())[GITLAB["samedevice"]["extends"]]
    assert set(GITLAB["samedevice"]["variables"]) <= set(job["variables"])


def test_the_hook_is_there():
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for repository in HOOKS["repos"] for hook in repository["hooks"]} <= hooks


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", PAGE))
def test_links_lead_somewhere(link):
    assert (ROOT / "docs" / link).exists()
