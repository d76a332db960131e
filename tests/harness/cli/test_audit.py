"""`samedevice audit`: its exit codes, its table, its formats, and what it does not import."""

import json
import subprocess
import sys

import pytest
import torch
from jsonschema import Draft202012Validator
from safetensors.torch import save_file

from samedevice.harness import catalog
from samedevice.harness.reading import report_from_json
from samedevice.reports.formats import json as as_json
from samedevice.reports.formats import markdown, text
from samedevice.reports.schema import schema


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "checkpoint"
    path.mkdir()
    save_file({"a": torch.ones(4), "b": torch.ones(2, dtype=torch.int8)}, path / "net.safetensors")
    return path


@pytest.fixture
def audit(run, monkeypatch):
    """Runs the command with the real renderers."""
    renderers = {"json": as_json.render, "table": text.render, "markdown": markdown.render}
    monkeypatch.setattr(catalog, "renderer", renderers.__getitem__)
    return lambda *words: run("audit", *words)


def test_a_clean_directory_ends_in_a_table_of_its_files(audit, folder):
    code, out, err = audit(folder)
    assert code == 0
    assert out.splitlines()[3].startswith(f"checks of {folder}")
    assert "net.safetensors  safetensors          2" in out
    assert "1 F32, 1 I8" in out
    assert err == ["samedevice: 1 cell (1 pass), 0 findings"]


def test_json_holds_cells_measures_and_listing(audit, folder, tmp_path):
    code, out, _ = audit(folder, "--format", "json", "--json", tmp_path / "report.json")
    data = json.loads(out)
    Draft202012Validator(schema()).validate(data)
    (cell,) = data["cells"]
    assert (code, cell["target"], cell["check"], cell["status"]) == (0, str(folder), "audit", "pass")
    assert cell["device"] == {"name": "cpu", "kind": "real"}
    counted = {"files": 1, "tensor_files": 1, "tensors": 2, "tensors_F32": 1, "tensors_I8": 1, "values_read": 1}
    assert counted.items() <= cell["measures"].items()
    assert cell["listing"]["rows"][0][:3] == ["net.safetensors", "safetensors", "2"]
    assert as_json.render(report_from_json((tmp_path / "report.json").read_text(), "x")) == out


def test_an_error_and_a_warning_exit_with_1_and_a_note_with_0(audit, folder):
    (folder / "note.bin").write_bytes(b"ggml")
    assert audit(folder)[0] == 0
    (folder / "x.tmp").write_bytes(b"")
    assert audit(folder)[0] == 1
    (folder / "x.tmp").unlink()
    (folder / "bad.safetensors").write_bytes(b"1")
    code, out, _ = audit(folder, "--format", "markdown")
    assert code == 1
    assert "### SD711 error: a file is cut off" in out
    assert "- subject: bad.safetensors" in out


def test_nothing_there_and_nothing_to_audit(audit, tmp_path):
    code, _, err = audit(tmp_path / "gone")
    assert (code, err) == (2, [f"samedevice: no such file or directory: {tmp_path / 'gone'}"])
    code, out, err = audit(tmp_path)
    assert code == 4
    assert "holds no checkpoint" in out
    assert err[-1].endswith("nothing was checked")


def test_an_index_alone_is_refused(audit, folder):
    (folder / "model.safetensors.index.json").write_text("{}")
    code, _, err = audit(folder / "model.safetensors.index.json")
    assert code == 2
    assert f"give its directory, {folder}" in err[0]


def test_a_single_file(audit, folder):
    assert audit(folder / "net.safetensors")[0] == 0


def test_a_manifest_is_written_and_verified(audit, folder):
    code, _, err = audit(folder, "--write-manifest")
    assert (code, err[0]) == (0, f"samedevice: the manifest is in {folder}/samedevice-manifest.json")
    assert audit(folder, "--verify")[0] == 0
    save_file({"a": torch.zeros(4), "b": torch.ones(2, dtype=torch.int8)}, folder / "net.safetensors")
    code, out, _ = audit(folder, "--verify")
    assert code == 1
    assert "SD760 error" in out
    assert "`net.safetensors`: `a` has other bytes" in out


def test_no_manifest_vouches_for_a_damaged_checkpoint(audit, folder):
    (folder / "bad.safetensors").write_bytes(b"1")
    code, _, err = audit(folder, "--write-manifest")
    assert (code, err[0]) == (1, "samedevice: no manifest is written: it would vouch for a damaged checkpoint")
    assert not (folder / "samedevice-manifest.json").exists()


def test_verifying_without_a_manifest_is_a_usage_error(audit, folder):
    code, _, err = audit(folder, "--verify")
    assert code == 2
    assert "--write-manifest writes it" in err[0]


WATCHED = """
import sys
from samedevice.harness.cli import main
code = main({words!r})
print(code, sorted({{"torch", "transformers", "safetensors"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "words", [[], ["--values"], ["--write-manifest"], ["--format", "json"], ["--format", "markdown"]]
)
def test_no_torch_is_imported(folder, words):
    torch.save({"a": torch.ones(2)}, folder / "state.pt")
    script = WATCHED.format(words=["audit", str(folder), *words])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
