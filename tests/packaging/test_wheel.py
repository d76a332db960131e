"""What is installed: every folder of the package, the data that it reads, and nothing else."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FOLDERS = ("harness", "models", "reports", "suites")
DATA = {".css", ".html", ".js", ".json", ".jsonl", ".md", ".txt"}
NOT_SHIPPED = ROOT / "reports/compatibility"  # the report of this repository: nobody else's


def sources():
    """The files that should ship, relative to the root."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    shipped = {path for path in inside if path.suffix in {".py", *DATA} and "__pycache__" not in path.parts}
    shipped = {path for path in shipped if NOT_SHIPPED not in path.parents}
    return {path.relative_to(ROOT) for path in (*ROOT.glob("*.py"), ROOT / "py.typed", *shipped)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the package between things that must not ship."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in {*sources(), *map(Path, ("pyproject.toml", "README.md", "LICENSE"))}:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, copy / path)
    for left in (
        "tests/test_left.py",
        "tests/left.json",
        "docs/left.json",
        "build/left.json",
        "reports/compatibility/left.json",
    ):
        (copy / left).parent.mkdir(parents=True, exist_ok=True)
        (copy / left).write_text("{}")
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, out], cwd=copy, check=True, capture_output=True, timeout=120)
    (file,) = out.iterdir()
    with zipfile.ZipFile(file) as opened:
        yield opened


def test_the_list_of_packages_is_the_tree():
    folders = {path.parent for path in sources() if path.suffix == ".py"}
    listed = PROJECT["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(".".join(("samedevice", *folder.parts)) for folder in folders)


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in sources() if path.suffix == ".py"}
    assert [folder for folder in sorted(folders) if not (ROOT / folder / "__init__.py").is_file()] == []


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == {f"samedevice/{path.as_posix()}" for path in sources()}


def test_the_wheel_holds_the_licence(wheel):
    (name,) = (name for name in wheel.namelist() if name.endswith("/licenses/LICENSE"))
    assert wheel.read(name).decode() == (ROOT / "LICENSE").read_text()
