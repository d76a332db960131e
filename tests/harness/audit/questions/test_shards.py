"""An index against its shards: each way in which they can disagree, on a directory of save_pretrained."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

INDEX = "model.safetensors.index.json"


@pytest.fixture
def change(sharded):
    """Changes the index: the function is given it as a dict."""

    def apply(edit):
        told = json.loads((sharded / INDEX).read_text())
        edit(told)
        (sharded / INDEX).write_text(json.dumps(told))

    return apply


def shards(folder):
    return sorted(folder.glob("model-*.safetensors"))


def moved(folder, key, *, keep):
    """Put a tensor of the first shard into the last."""
    first, *_, last = shards(folder)
    one, other = load_file(first), load_file(last)
    other[key] = one[key] if keep else one.pop(key)
    save_file(one, first, {"format": "pt"})
    save_file(other, last, {"format": "pt"})


def test_a_shard_that_is_missing(sharded, reported):
    gone = shards(sharded)[1]
    gone.unlink()
    reported(sharded, "SD721", INDEX, gone.name, "transformer.")


def test_a_tensor_in_the_wrong_shard(sharded, reported, problems):
    key = next(iter(load_file(shards(sharded)[0])))
    moved(sharded, key, keep=False)
    reported(sharded, "SD722", INDEX, f"`{key}` is not in", f"but in `{shards(sharded)[-1].name}`")
    assert {code for code, _ in problems(sharded)} == {"SD722"}


def test_a_tensor_in_two_shards(sharded, reported):
    key = next(iter(load_file(shards(sharded)[0])))
    moved(sharded, key, keep=True)
    reported(sharded, "SD724", key, shards(sharded)[0].name, shards(sharded)[-1].name)


def test_a_tensor_that_the_index_does_not_name(sharded, change, reported, problems):
    change(lambda told: told["weight_map"].pop("transformer.wpe.weight"))
    reported(sharded, "SD723", INDEX, "transformer.wpe.weight")
    assert {code for code, _ in problems(sharded)} == {"SD723"}


def test_a_tensor_that_no_shard_has(sharded, change, reported):
    change(lambda told: told["weight_map"].update({"router.weight": shards(sharded)[0].name}))
    reported(sharded, "SD722", INDEX, "router.weight", shards(sharded)[0].name)


@pytest.mark.parametrize("size", [1, -5, "many", 10**30, 1.5])
def test_a_total_that_is_wrong(sharded, change, reported, size):
    change(lambda told: told["metadata"].update(total_size=size))
    reported(sharded, "SD725", INDEX, "total_size", f"`{size}`")


@pytest.mark.parametrize("shard", ["../other.safetensors", "/etc/passwd", "a/../../b.safetensors", "..\\x", "C:x"])
def test_names_that_leave_the_folder(sharded, change, reported, shard):
    change(lambda told: told["weight_map"].update({"transformer.wpe.weight": shard}))
    reported(sharded, "SD705", "weight_map", "transformer.wpe.weight", shard)


def test_a_shard_that_is_a_link_outside(sharded, tmp_path, reported):
    first = shards(sharded)[0]
    shutil.move(first, tmp_path / "elsewhere.safetensors")
    first.symlink_to(tmp_path / "elsewhere.safetensors")
    reported(sharded, "SD705", first.name, "outside of the checkpoint")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "has no `weight_map`"),
        ("{}", "has no `weight_map`"),
        ('{"weight_map": {"a": 3}}', "has no `weight_map`"),
        ('{"weight_map": ["a"]}', "has no `weight_map`"),
    ],
)
def test_an_index_that_is_none(sharded, reported, text, words):
    (sharded / INDEX).write_text(text)
    reported(sharded, "SD720", INDEX, words)


def test_shards_without_an_index(sharded, reported):
    (sharded / INDEX).unlink()
    shards(sharded)[1].unlink()
    reported(sharded, "SD726", "shards without an index", "1 of 3 are missing")


def test_shards_of_another_save(sharded, reported):
    shutil.copy(shards(sharded)[0], sharded / "model-00001-of-00007.safetensors")
    reported(sharded, "SD726", "model-00001-of-00007.safetensors", "no index names")


@pytest.mark.parametrize(("form", "words"), [("gguf", "from_pretrained refuses it"), ("tf", "the other shards `pt`")])
def test_a_format_that_is_another(sharded, reported, form, words):
    first = shards(sharded)[0]
    save_file(load_file(first), first, {"format": form})
    reported(sharded, "SD717", first.name, f"`{form}`", words)


def test_a_flip_in_the_header_of_a_shard_is_never_silent(sharded, problems):
    first = shards(sharded)[0]
    whole = first.read_bytes()
    length = 8 + int.from_bytes(whole[:8], "little")
    silent = []
    for at in range(0, length, 7):
        first.write_bytes(whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :])
        if not problems(sharded):
            silent.append(chr(whole[at]))
    assert silent == []


def test_a_shard_in_a_folder_below_is_there(sharded, change, reported):
    first = shards(sharded)[0]
    (sharded / "parts").mkdir()
    first.rename(sharded / "parts" / first.name)
    told = json.loads((sharded / INDEX).read_text())["weight_map"]
    moved = {key: f"parts/{base}" if base == first.name else base for key, base in told.items()}
    change(lambda index: index.update(weight_map=moved))
    reported(sharded, "SD721", f"parts/{first.name}", "another folder")


@pytest.mark.parametrize(("size", "codes"), [(8, set()), (16, set()), (12, {"SD725"})])
def test_a_tied_pair_in_a_pickle_may_count_once_or_twice(tmp_path, problems, size, codes):
    tied = torch.ones(2)
    shard = "pytorch_model-00001-of-00001.bin"
    torch.save({"wte.weight": tied, "lm_head.weight": tied}, tmp_path / shard)
    index = {"metadata": {"total_size": size}, "weight_map": {"wte.weight": shard, "lm_head.weight": shard}}
    (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    (tmp_path / "config.json").write_text('{"model_type": "my_own"}')
    assert {code for code, _ in problems(tmp_path)} == codes
