"""Files that are not what they seem: pointers, leavings of a write, doubles, links, pipes."""

import os

import pytest
import torch
from safetensors.torch import save_file

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 548105171\n"


@pytest.fixture
def folder(tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "net.safetensors")
    return tmp_path


@pytest.mark.parametrize("base", ["model.safetensors", "pytorch_model.bin", "config.json", "tokenizer.model", "m.pt"])
def test_a_pointer_of_lfs(folder, reported, base):
    (folder / base).write_text(LFS)
    reported(folder, "SD702", base, "Git LFS", "548105171 bytes")
    reported(folder / base, "SD702", base) if base.endswith(("rs", "bin", "pt")) else None


def test_pointers_of_git_annex(folder, reported):
    (folder / "model.safetensors").write_text("/annex/objects/SHA256E-s5--abc.safetensors\n")
    reported(folder, "SD702", "model.safetensors", "git-annex")
    (folder / "weights.safetensors").symlink_to("../.git/annex/objects/x/SHA256E-s5--abc.safetensors")
    reported(folder, "SD702", "weights.safetensors", "git-annex")


@pytest.mark.parametrize(
    "base",
    ["model.safetensors.incomplete", "model.safetensors.tmp", "x.lock", "model.bin.part", "m.crdownload", "old~"],
)
def test_leavings_of_a_write(folder, reported, base):
    (folder / base).write_bytes(b"")
    reported(folder, "SD703", base)


def test_an_unfinished_checkpoint_of_a_trainer(folder, reported):
    (folder / "tmp-checkpoint-500").mkdir()
    save_file({"a": torch.ones(2)}, folder / "tmp-checkpoint-500" / "net.safetensors")
    reported(folder, "SD703", "tmp-checkpoint-500")


def test_locks_of_the_hubs_own_bookkeeping_are_legal(folder, problems):
    (folder / ".cache" / "huggingface" / "download").mkdir(parents=True)
    (folder / ".cache" / "huggingface" / "download" / "model.safetensors.lock").write_text("")
    assert problems(folder) == []


@pytest.mark.parametrize("base", ["model.safetensors", "pytorch_model.bin", "config.json", "spiece.model"])
def test_empty_files(folder, reported, base):
    (folder / base).write_bytes(b"")
    reported(folder, "SD701", base, "is empty")


def test_names_that_differ_in_case(folder, reported):
    save_file({"a": torch.ones(2)}, folder / "Net.safetensors")
    reported(folder, "SD704", "Net.safetensors", "net.safetensors")


def test_a_link_to_nowhere_and_one_outside(folder, tmp_path_factory, reported):
    outside = tmp_path_factory.mktemp("outside") / "w.safetensors"
    save_file({"a": torch.ones(2)}, outside)
    (folder / "linked.safetensors").symlink_to(outside)
    (folder / "nowhere.safetensors").symlink_to("gone.safetensors")
    reported(folder, "SD705", "linked.safetensors", str(outside))
    reported(folder, "SD701", "nowhere.safetensors", "cannot be read")


def test_a_link_inside_is_legal(folder, problems):
    (folder / "best.safetensors").symlink_to("net.safetensors")
    assert problems(folder) == []


def test_a_pipe_is_not_opened(folder, reported):
    os.mkfifo(folder / "pipe.safetensors")
    reported(folder, "SD701", "pipe.safetensors", "is a pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(folder, reported):
    (folder / "net.safetensors").chmod(0)
    reported(folder, "SD701", "net.safetensors", "Permission denied")


def test_a_refusal_of_the_system(folder, reported, monkeypatch):
    from samedevice.harness.audit import safetensors_file

    def refused(file):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(safetensors_file, "read", refused)
    reported(folder, "SD701", "net.safetensors", "Permission denied")


def test_a_program_beside_the_weights(folder, reported):
    (folder / "kernel.so").write_bytes(b"\x7fELF")
    reported(folder, "SD754", "kernel.so")


def test_other_binary_files_are_a_note(folder, found):
    (folder / "ggml-model.bin").write_bytes(b"lmgg" + bytes(100))
    assert [(one.code, one.severity) for one in found(folder)] == [("SD755", "note")]
    (folder / "pytorch_model.bin").write_bytes(b"lmgg" + bytes(100))
    assert "SD730" in [one.code for one in found(folder)]


def test_names_with_control_characters_and_broken_text(folder, run_table):
    (folder / "evil\x1b[2J.safetensors").write_bytes(b"")
    os.mkdir(os.fsencode(folder) + b"/\xff")
    with open(os.fsencode(folder) + b"/\xff/broken.safetensors", "wb") as file:
        file.write(b"\1")
    text = run_table(folder)
    assert "\x1b" not in text
    assert "\\udcff/broken.safetensors" in text


@pytest.fixture
def run_table(capsys):
    """The table that the command line prints."""
    from samedevice.harness.cli import main

    def run(path):
        assert main(["audit", str(path)]) == 1
        return capsys.readouterr().out

    return run
