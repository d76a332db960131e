"""The questions as a whole: none forgotten, no code unused, nothing written or left open."""

import json
import pkgutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from samedevice.harness.audit import audit, questions
from samedevice.harness.codes import CODES
from samedevice.harness.errors import NotChecked, UsageError
from samedevice.harness.finding import Finding
from samedevice.harness.measure import Measure

SOURCES = Path(questions.__file__).parents[1]
MINE = sorted(code for code in CODES if code.startswith("SD7"))


def test_every_question_is_asked():
    names = {module.name for module in pkgutil.iter_modules(questions.__path__)}
    assert {question.__module__.rpartition(".")[2] for question in questions.QUESTIONS} == names
    assert len(questions.QUESTIONS) == len(names)


@pytest.mark.parametrize("code", MINE)
def test_every_code_is_reported_and_tested(code):
    assert any(code in file.read_text() for file in SOURCES.rglob("*.py"))
    assert any(code in file.read_text() for file in Path(__file__).parent.rglob("*.py"))


def test_findings_come_before_measures(tmp_path):
    save_file({"a": torch.ones(3), "b": torch.ones(2).half()}, tmp_path / "net.safetensors")
    (tmp_path / "x.tmp").write_text("")
    items = list(audit(tmp_path))
    assert [type(item) for item in items[:2]] == [Finding, Measure]
    assert {item.name: item.value for item in items[1:]} == {
        "files": 2, "tensor_files": 1, "tensors": 2, "bytes": (tmp_path / "net.safetensors").stat().st_size,
        "tensors_F16": 1, "tensors_F32": 1, "values_read": 1,
    }  # fmt: skip


def test_an_audit_changes_nothing(sharded):
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in sharded.iterdir()}
    list(audit(sharded, values=True))
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in sharded.iterdir()} == before


def test_folders_below_are_audited_and_named(sharded, reported):
    nested = sharded / "checkpoint-1" / "last"
    nested.mkdir(parents=True)
    (nested / "model.safetensors").write_bytes(b"1234567")
    reported(sharded, "SD711", "checkpoint-1/last/model.safetensors")


def test_a_single_file_is_not_asked_about_its_folder(sharded, problems):
    (sharded / "config.json").unlink()
    assert problems(next(sharded.glob("model-*.safetensors"))) == []


def test_many_tensors_with_one_flaw_are_one_finding(tmp_path, problems):
    state = {f"_orig_mod.layer.{number}": torch.ones(1) for number in range(500)}
    save_file(state, tmp_path / "net.safetensors")
    ((code, message),) = problems(tmp_path)
    assert code == "SD750"
    assert "and 497 more" in message
    assert len(message) < 300


def test_nothing_there():
    with pytest.raises(UsageError, match="no such file or directory"):
        list(audit("/no/such/place"))


def test_no_checkpoint(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(NotChecked, match="holds no checkpoint"):
        list(audit(tmp_path))
    with pytest.raises(NotChecked, match="holds no checkpoint"):
        list(audit(tmp_path / "notes.txt"))


def test_each_checkpoint_below_a_folder_is_told_as_if_it_were_alone(tiny, tmp_path, problems):
    stale, bare, led_out = (tmp_path / name for name in ("stale", "bare", "led_out/checkpoint"))
    tiny.save_pretrained(stale)
    with torch.no_grad():
        tiny.transformer.wpe.weight.add_(1.0)
    tiny.save_pretrained(stale, max_shard_size="20KB")
    tiny.save_pretrained(bare)
    (bare / "config.json").unlink()
    tiny.save_pretrained(led_out)
    (led_out.parent / "elsewhere").mkdir()
    (led_out / "model.safetensors").rename(led_out.parent / "elsewhere" / "other.safetensors")
    index = {"metadata": {}, "weight_map": {"transformer.wpe.weight": "../elsewhere/other.safetensors"}}
    (led_out / "model.safetensors.index.json").write_text(json.dumps(index))

    alone = {name: problems(tmp_path / name) for name in ("stale", "bare", "led_out")}
    assert {name: [code for code, _ in found] for name, found in alone.items()} == {
        "stale": ["SD706"],
        "bare": ["SD741"],
        "led_out": ["SD705"],
    }
    together = dict(problems(tmp_path))
    assert together.keys() == {"SD706", "SD741", "SD705"}
    assert "`stale/model.safetensors`" in together["SD706"]
    assert "`bare/config.json`" in together["SD741"]
    assert "`weight_map` of `led_out/checkpoint/model.safetensors.index.json`" in together["SD705"]
