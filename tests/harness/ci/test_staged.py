import re
from pathlib import Path

import pytest
import torch
import yaml
from safetensors.torch import save_file

from samedevice.harness.ci import staged

HOOK = yaml.safe_load((Path(__file__).parents[3] / ".pre-commit-hooks.yaml").read_text())[0]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    save_file({"a": torch.ones(2)}, "run/model.safetensors")
    (tmp_path / "run/config.json").write_text('{"model_type": "my_own"}')
    return tmp_path


def test_a_checkpoint_is_audited_once_and_a_lone_file_for_itself(folder):
    files = ["run/config.json", "run/model.safetensors", "lone/a.safetensors", "b.pt"]
    assert [str(path) for path in staged.checkpoints(files)] == ["run", "lone/a.safetensors", "b.pt"]


def test_what_is_wrong_stops_the_commit(folder, capsys):
    files = ["run/model.safetensors", "run/config.json"]
    assert staged.main(files) == 0
    (folder / "run/model.safetensors").write_bytes(b"cut")
    assert staged.main(files) == 1
    assert "SD711" in capsys.readouterr().out
    assert staged.main(["gone.safetensors", *files]) == 1
    assert staged.main(["gone.safetensors"]) == 2


def test_without_files_there_is_nothing_to_do():
    assert staged.main([]) == 0


@pytest.mark.parametrize(
    ("file", "is_meant"),
    [
        ("run/model.safetensors", True),
        ("a.pt", True),
        ("run/pytorch_model-00001-of-00002.bin", True),
        ("run/model.safetensors.index.json", True),
        ("config.json", True),
        ("run/adapter_config.json", True),
        ("tsconfig.json", False),
        ("data.bin", False),
        ("net.py", False),
        ("a.pt.txt", False),
    ],
)
def test_the_hook_picks_checkpoints(file, is_meant):
    assert bool(re.search(HOOK["files"], file)) == is_meant


def test_the_hook_runs_this_module():
    assert HOOK["entry"].split()[-1] == staged.__name__
