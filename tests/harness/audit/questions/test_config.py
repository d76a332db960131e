"""The config beside the weights: missing, malformed, nameless, of another model, of another dtype."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file


@pytest.fixture
def folder(tiny, tmp_path):
    tiny.save_pretrained(tmp_path)
    return tmp_path


@pytest.fixture
def change(folder):
    def apply(**fields):
        told = json.loads((folder / "config.json").read_text())
        kept = {key: value for key, value in {**told, **fields}.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(kept))

    return apply


@pytest.mark.parametrize("shard", [None, "20KB"])
def test_a_missing_config(tiny, tmp_path, reported, shard):
    tiny.save_pretrained(tmp_path, **({"max_shard_size": shard} if shard else {}))
    (tmp_path / "config.json").unlink()
    reported(tmp_path, "SD741", "`config.json` is missing", "default config")


def test_a_missing_config_beside_a_pickle(tmp_path, tiny, reported):
    torch.save(tiny.state_dict(), tmp_path / "pytorch_model.bin")
    reported(tmp_path, "SD741", "config.json", "pytorch_model.bin")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "SD701", "is empty"),
        ("{", "SD742", "is not JSON"),
        ("[1]", "SD742", "holds no JSON object"),
        ("null", "SD742", "holds no JSON object"),
        ("\ufeff{}", "SD742", "is not JSON"),
        ("{}", "SD743", "is an empty object"),
        ('{"architectures": ["A"]}', "SD743", "has no `model_type`"),
        ('{"model_type": 3}', "SD743", "`model_type`"),
        ('{"model_type": "gpt2", "model_type": "bert"}', "SD716", "says twice: `model_type`"),
        ("<<<<<<< HEAD\n{}", "SD742", "is not JSON"),
    ],
)
def test_a_config_that_says_nothing(folder, reported, text, code, words):
    (folder / "config.json").write_text(text)
    reported(folder, code, "config.json", words)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model_type": "bert"}, ("`bert`", "c_attn.weight", "GPT-2")),
        ({"vocab_size": 61}, ("`vocab_size` 61", "wte.weight", "60 rows")),
        ({"model_type": "opt", "architectures": None}, ("`opt`", "GPT-2")),
        ({"n_embd": 17, "architectures": None}, ("`n_embd` 17",)),
        ({"n_layer": 3}, ("`n_layer` 3", "transformer.h.0", "transformer.h.1")),
        ({"n_layer": 1}, ("`n_layer` 1",)),
        ({"n_embd": 17}, ("`n_embd` 17", "no tensor has a dimension")),
        ({"tie_word_embeddings": False}, ("tie_word_embeddings", "lm_head.weight")),
    ],
)
def test_a_config_of_another_model(folder, change, reported, fields, words):
    change(**fields)
    reported(folder, "SD744", "config.json", *words)


def test_a_known_type_without_any_of_its_names(folder, reported):
    save_file({"first.weight": torch.ones(16, 16)}, folder / "model.safetensors", {"format": "pt"})
    reported(folder, "SD744", "config.json", "`gpt2`", "no tensor has a name of such a model", "first.weight")


def test_a_padded_table_of_a_class_of_ones_own_is_legal(folder, change, problems, reported):
    change(model_type="my_own", vocab_size=50)
    assert problems(folder) == []
    change(model_type="my_own", vocab_size=61)
    reported(folder, "SD744", "`vocab_size` 61")


@pytest.mark.parametrize(
    "fields",
    [
        {"model_type": "my_own", "architectures": None, "n_layer": 7, "vocab_size": 5},
        {"quantization_config": {"quant_method": "gptq"}, "vocab_size": 64, "dtype": "float16"},
        {"torch_dtype": "float32", "dtype": None},
        {"dtype": "auto"},
        {"architectures": 3},
        {"text_config": {"dtype": "float16"}, "dtype": "float16", "vocab_size": 64},
    ],
)
def test_a_config_of_which_nothing_can_be_said(folder, change, problems, fields):
    change(**fields)
    assert problems(folder) == []


def test_a_narrower_dtype_rounds_every_tensor(folder, change, reported):
    change(dtype="bfloat16")
    reported(folder, "SD745", "config.json", "dtype bfloat16", "28 F32 of 28", "rounds every one")


def test_the_two_half_dtypes_round_each_other(folder, change, reported):
    path = folder / "model.safetensors"
    save_file({key: value.half() for key, value in load_file(path).items()}, path, {"format": "pt"})
    change(dtype="bfloat16")
    reported(folder, "SD745", "dtype bfloat16", "28 F16 of 28", "rounds every one")


def test_a_wider_dtype_and_a_mixture_are_notes(folder, change, found):
    path = folder / "model.safetensors"
    state = load_file(path)
    save_file({key: value.bfloat16() for key, value in state.items()}, path, {"format": "pt"})
    assert [(one.code, one.severity) for one in found(folder)] == [("SD745", "note")]
    change(dtype="bfloat16")
    router = {"transformer.wpe.weight": state["transformer.wpe.weight"]}
    save_file({**{key: value.bfloat16() for key, value in state.items()}, **router}, path, {"format": "pt"})
    assert [(one.code, one.severity) for one in found(folder)] == [("SD745", "note")]
    assert "1 F32 of 28" in found(folder)[0].message


@pytest.mark.parametrize(
    ("base", "text", "code"),
    [
        ("generation_config.json", "{", "SD742"),
        ("generation_config.json", "[]", "SD742"),
        ("preprocessor_config.json", "nope", "SD742"),
        ("tokenizer_config.json", "{,}", "SD747"),
        ("tokenizer.json", "[]", "SD747"),
        ("tokenizer.json", '{"version": "1.0"}', "SD747"),
        ("special_tokens_map.json", "3", "SD747"),
        ("notes.json", "{", "SD742"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 0, "b": 60}}}', "SD747"),
        ("tokenizer.json", '{"model": {"vocab": {"a": 0}}, "added_tokens": [{"id": 99}]}', "SD747"),
    ],
)
def test_other_files(folder, reported, base, text, code):
    (folder / base).write_text(text)
    reported(folder, code, base)


def test_a_text_that_is_none(folder, reported):
    (folder / "merges.txt").write_bytes(b"a b\n\xff\xfe")
    reported(folder, "SD747", "merges.txt", "byte 4")


def test_code_of_its_own_is_a_note(folder, change, found, reported):
    change(auto_map={"AutoModel": "modeling_mine.Mine", "AutoTokenizer": ["tok.Slow", None], "AutoConfig": "me/x--c.C"})
    (folder / "modeling_mine.py").write_text("raise SystemExit('run')")
    reported(folder, "SD740", "config.json", "tok.Slow", "is not there")
    (folder / "tok.py").write_text("")
    assert [(one.code, one.severity) for one in found(folder)] == [("SD740", "note")]


@pytest.mark.parametrize(
    ("counts", "fields", "told"),
    [
        ((4, 4), {"n_experts": 8}, "`n_experts` 8, and `layers.0.experts.`, `layers.1.experts.` has 4 of them"),
        ((4, 4), {"num_experts": 2, "num_local_experts": 2}, "`num_experts` and `num_local_experts` 2"),
        ((4, 4), {"n_experts": 4}, None),
        ((4, 2), {"n_experts": 8}, None),  # as many as each layer was given
        ((4, 4), {"num_experts": 8, "n_routed_experts": 4}, None),
        ((), {"n_experts": 8}, None),  # stacked in one tensor
    ],
)
def test_experts_that_the_file_does_not_hold(tmp_path, problems, counts, fields, told):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "mine", **fields}))
    state = {f"layers.{layer}.experts.{i}.weight": torch.ones(6, 6) for layer, n in enumerate(counts) for i in range(n)}
    save_file(state | {"gate.weight": torch.ones(6, 6)}, tmp_path / "model.safetensors", {"format": "pt"})
    found = [message for code, message in problems(tmp_path) if code == "SD744"]
    assert len(found) == (told is not None)
    assert told is None or told in found[0]
