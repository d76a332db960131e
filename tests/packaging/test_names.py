"""The names that users hold on to: what `import samedevice` gives, and what it does not cost."""

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import samedevice

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def prints(text):
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", samedevice.__all__)
def test_public_names_resolve(name):
    assert callable(getattr(samedevice, name))
    assert name in dir(samedevice)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'samedevice' has no attribute 'chekc'"):
        _ = samedevice.chekc


def test_the_version_is_told_once():
    assert samedevice.__version__ == version("samedevice") == PROJECT["version"]


def test_the_import_costs_no_torch():
    heavy = "{'numpy', 'pytest', 'rich', 'tabulate', 'torch', 'transformers'}"
    assert prints(f"import sys, samedevice; print({heavy} & set(sys.modules))") == "set()"


def test_the_command_line_says_its_help_without_torch():
    text = "import sys; from samedevice.harness.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert prints(f"{text}\nprint({{'torch', 'transformers'}} & set(sys.modules))").endswith("set()")


def test_python_m_is_the_command_line():
    done = subprocess.run([sys.executable, "-m", "samedevice", "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"samedevice {samedevice.__version__}\n")


@pytest.mark.parametrize("group", PROJECT["entry-points"])
def test_entry_points_are_installed_and_load(group):
    declared = PROJECT["entry-points"][group]
    installed = {entry.name: entry for entry in entry_points(group=group) if entry.dist.name == "samedevice"}
    assert {name: entry.value for name, entry in installed.items()} == declared
    for value in declared.values():
        module, _, attribute = value.partition(":")
        assert getattr(import_module(module), attribute or "__name__") is not None
