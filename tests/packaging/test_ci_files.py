"""The files that other people's CI reads: their shell parses, and no input of theirs can become a command."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from samedevice.harness.cli.door import parser

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/samedevice.yml").read_text())
GITLAB = yaml.safe_load((ROOT / "templates/gitlab/samedevice.yml").read_text())
INPUTS = {
    "action.yml": (ACTION["inputs"], ACTION["runs"]),
    "samedevice.yml": (WORKFLOW[True]["workflow_call"]["inputs"], WORKFLOW["jobs"]),  # YAML 1.1 reads `on` as true
}


def steps():
    yield from (step for step in ACTION["runs"]["steps"])
    yield from (step for job in WORKFLOW["jobs"].values() for step in job["steps"])


SCRIPTS = [step["run"] for step in steps() if "run" in step] + ["\n".join(GITLAB[".samedevice"]["script"])]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_shell_parses(script):
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


@pytest.mark.parametrize("script", SCRIPTS)
def test_expressions_reach_the_shell_by_the_environment_alone(script):
    assert "${{" not in script
    assert "eval" not in script


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_is_used_and_every_used_one_declared(name):
    declared, used_in = INPUTS[name]
    assert set(re.findall(r"inputs\.([\w-]+)", str(used_in))) == set(declared)


def test_every_variable_of_a_script_is_set():
    ours = {"RUNNER_TEMP", "GITHUB_ACTION_PATH", "code", "words"}
    for step in steps():
        wanted = set(re.findall(r"\$\{?(\w+)", step.get("run", "")))
        assert wanted <= ours | set(step.get("env", {}))


@pytest.mark.parametrize("script", SCRIPTS)
def test_modules_and_commands_are_there(script):
    for module in re.findall(r"python -m (samedevice[\w.]*)", script):
        assert (ROOT / (module.replace("samedevice.", "").replace(".", "/") + ".py")).is_file()
    for command in re.findall(r"^\s*samedevice ([a-z]+)", script, re.MULTILINE):
        assert command in parser().format_help()


def test_arguments_are_words_and_never_run(tmp_path):
    (line,) = (line for script in SCRIPTS for line in script.splitlines() if "xargs" in line and '"$ARGS"' in line)
    script = f"{line}\nprintf '<%s>' \"${{words[@]}}\""
    args = "check 'a b.py:Net' --checks a,b $(touch ran) `touch ran`"
    env = {"ARGS": args, "PATH": "/usr/bin:/bin"}
    shown = subprocess.check_output(["bash", "-c", script], cwd=tmp_path, env=env, text=True)
    assert shown == "<check><a b.py:Net><--checks><a,b><$(touch><ran)><`touch><ran`>"
    assert list(tmp_path.iterdir()) == []
