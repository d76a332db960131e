import os

import pytest

from samedevice.harness.environment import Environment
from samedevice.harness.provenance import made_with

HERE = Environment(samedevice="1", torch="2.13", transformers=None, python="3", platform="p", git="abc")


def test_versions_and_our_own_code():
    made = made_with(HERE)
    assert {name: made[name] for name in ("samedevice", "torch", "transformers", "python")} == {
        "samedevice": "1",
        "torch": "2.13",
        "transformers": None,
        "python": "3",
    }
    assert len(made["code of samedevice"]) == 16
    assert made == made_with(HERE)


@pytest.mark.parametrize("neighbour", ["net.py", "layers.py"])
def test_a_script_changes_with_its_file_and_those_beside_it(tmp_path, neighbour):
    for name in ("net.py", "layers.py", "notes.txt"):
        (tmp_path / name).write_text("")
    word = f"{tmp_path}/net.py:Net"
    before = made_with(HERE, word, "other:inputs")
    assert (before["target"], before["inputs"]) == (word, "other:inputs")
    (tmp_path / "notes.txt").write_text("changed")
    assert made_with(HERE, word, "other:inputs") == before
    os.utime(tmp_path / neighbour, ns=(1, 1))
    after = made_with(HERE, word, "other:inputs")
    assert {name for name in after if after[name] != before[name]} == {"code of the target"}


def test_a_checkpoint_changes_with_its_files(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"1")
    before = made_with(HERE, str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"12")
    assert made_with(HERE, str(tmp_path)) != before


def test_a_package_and_names_of_nothing():
    assert made_with(HERE, "samedevice.models.targets:rope") != made_with(HERE, "json.tool:main")
    assert made_with(HERE, "no.such.package:x")["code of the target"]
    assert made_with(HERE, "__main__:make")["code of the target"]
    assert made_with(HERE, "owner/name")["code of the target"]
