"""The README's tests fail where it says, and it has every command. Its other examples: tests/docs/test_examples.py."""

import re
from pathlib import Path

import pytest

from samedevice.harness.cli.door import COMMANDS

pytest_plugins = ["pytester"]

README = (Path(__file__).parents[2] / "README.md").read_text()


def block(language, words):
    """The first code block of a language that has these words in it."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if words in text)


NET = block("python", "class Net")
FROM_PYTEST = block("python", "def test_forward(device)")
SUITE = block("python", "ModelSuite(")


@pytest.mark.parametrize("command", [module.__name__.rpartition(".")[2] for module in COMMANDS])
def test_every_command_has_its_row(command):
    assert f"\n| `samedevice {command}" in README


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
