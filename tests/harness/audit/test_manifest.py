"""A manifest is the same for the same checkpoint, and no flip, loss or gain gets past it."""

import json
import os
import random

import pytest
import torch
from safetensors.torch import load_file, save_file

from samedevice.harness.audit import manifest, survey, verify
from samedevice.harness.errors import UsageError
from samedevice.harness.finding import Finding


def told(path):
    return [(one.code, one.message) for one in verify(survey(path)) if isinstance(one, Finding)]


@pytest.fixture
def folder(sharded):
    torch.save({"state": {"step": torch.tensor(3)}}, sharded / "optimizer.pt")
    manifest.write(survey(sharded))
    return sharded


def test_what_is_written_is_deterministic_and_names_every_tensor(folder):
    path = folder / manifest.NAME
    first = path.read_bytes()
    manifest.write(survey(folder))
    assert path.read_bytes() == first
    files = json.loads(first)["files"]
    assert set(files) == {file.name for file in folder.iterdir()} - {manifest.NAME}
    index = json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"]
    assert {key: base for base, one in files.items() for key in one.get("tensors", ())} == {
        **index,
        "state.step": "optimizer.pt",
    }
    assert not list(folder.glob("*.tmp"))


def test_the_digests_are_those_of_the_tensors(folder):
    from hashlib import sha256

    files = json.loads((folder / manifest.NAME).read_text())["files"]
    for path in folder.glob("*.safetensors"):
        for key, tensor in load_file(path).items():
            entry = files[path.name]["tensors"][key]
            assert entry["sha256"] == sha256(tensor.numpy().tobytes()).hexdigest()
            assert entry["shape"] == list(tensor.shape)


def test_nothing_changed(folder):
    assert told(folder) == []


@pytest.mark.parametrize("kind", ["weights.safetensors", "weights.pt", "old.pt", "shard"])
def test_flips_are_found_100_of_100_times(folder, tmp_path, tensors, kind):
    path = next(iter(sorted(folder.glob("model-*.safetensors")))) if kind == "shard" else tmp_path / kind
    if kind == "weights.safetensors":
        save_file(tensors, path)
    elif kind != "shard":
        torch.save(tensors, path, _use_new_zipfile_serialization=kind == "weights.pt")
    place = folder if kind == "shard" else path
    manifest.write(survey(place))
    chance, size, found = random.Random(5), path.stat().st_size, 0
    with path.open("r+b", buffering=0) as file:
        for _ in range(100):
            at = chance.randrange(size)
            byte = os.pread(file.fileno(), 1, at)
            os.pwrite(file.fileno(), bytes([byte[0] ^ 1 << chance.randrange(8)]), at)
            found += any(path.name in message for _, message in told(place))
            os.pwrite(file.fileno(), byte, at)
    assert found == 100
    assert told(place) == []


def test_a_changed_tensor_is_named(folder):
    path = sorted(folder.glob("model-*.safetensors"))[0]
    state = load_file(path)
    key = sorted(state)[2]
    state[key][0] += 1
    save_file(state, path, {"format": "pt"})
    assert [code for code, _ in told(folder)] == ["SD760"]
    assert f"`{path.name}`: `{key}` has other bytes" in told(folder)[0][1]


def test_missing_added_and_reshaped_tensors_are_named(folder):
    path = sorted(folder.glob("model-*.safetensors"))[0]
    state = load_file(path)
    lost, bent, *_ = sorted(state)
    state["router.weight"] = state.pop(lost)
    state[bent] = state[bent].reshape(1, *state[bent].shape).half()
    save_file(state, path, {"format": "pt"})
    problems = told(folder)
    assert ("SD761", f"`{path.name}` has lost its tensors `{lost}`") in problems
    assert ("SD762", f"`{path.name}` has new tensors: `router.weight`") in problems
    assert any(f"`{bent}` has changed: dtype was `F32` and is `F16`; shape was" in message for _, message in problems)


def test_missing_added_and_changed_files_are_named(folder):
    (folder / "generation_config.json").unlink()
    (folder / "modeling_evil.py").write_text("")
    config = folder / "config.json"
    config.write_text(config.read_text().replace("gelu_new", "relu"))
    problems = {message.split("`")[1]: code for code, message in told(folder)}
    assert problems == {"generation_config.json": "SD761", "modeling_evil.py": "SD762", "config.json": "SD760"}


def test_a_lost_shard_names_its_tensors(folder):
    path = sorted(folder.glob("model-*.safetensors"))[1]
    key = next(iter(load_file(path)))
    path.unlink()
    assert told(folder) == [("SD761", message) for _, message in told(folder)]
    assert f"`{path.name}` is missing with its tensors" in told(folder)[0][1]
    assert key in json.dumps(told(folder))


def test_metadata_of_a_header_is_covered(folder):
    path = sorted(folder.glob("model-*.safetensors"))[0]
    save_file(load_file(path), path, {"format": "np"})
    assert "outside of its tensors" in told(folder)[0][1]


def test_a_file_that_is_cut_off(folder):
    path = sorted(folder.glob("model-*.safetensors"))[0]
    os.truncate(path, 40)
    assert "holds no tensors that can be read any more" in told(folder)[0][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("{}", "is no manifest of the schema"),
        ('{"schema": "samedevice-manifest/1"}', "does not describe"),
        ('{"schema": "samedevice-manifest/1", "files": {"a": 3}}', "does not describe"),
        ('{"schema": "samedevice-manifest/1", "files": {"a": {"tensors": {"b": 1}}}}', "does not describe"),
    ],
)
def test_a_manifest_that_is_none(folder, text, words):
    (folder / manifest.NAME).write_text(text)
    ((code, message),) = told(folder)
    assert (code, words in message) == ("SD763", True)


def test_no_manifest_is_a_usage_error(sharded):
    with pytest.raises(UsageError, match=r"--write-manifest writes it$"):
        told(sharded)


def test_a_file_has_its_manifest_beside_it(safe):
    assert manifest.write(survey(safe)) == safe.with_name("weights.safetensors.samedevice-manifest.json")
    assert told(safe) == []
