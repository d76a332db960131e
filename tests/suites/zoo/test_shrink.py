import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.suites.zoo.architectures import config_class
from samedevice.suites.zoo.layers import few_layers
from samedevice.suites.zoo.recipes import tiny_config
from samedevice.suites.zoo.shrink import shrunk
from samedevice.suites.zoo.sizes import VOCABULARY
from samedevice.suites.zoo.stages import few, sections


def test_heads_fill_the_width_and_share_what_they_shared():
    config = shrunk({"hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128})
    assert config == {"hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16}
    alike = shrunk({"num_attention_heads": 32, "num_key_value_heads": 32})
    assert alike == {"num_attention_heads": 4, "num_key_value_heads": 4}


def test_what_is_small_stays_and_what_is_no_size_too():
    config = {"hidden_size": 8, "hidden_dropout_prob": 0.1, "kernel_size": 512, "use_cache": True, "hidden_act": "gelu"}
    assert shrunk(config) == config


def test_special_tokens_move_into_the_vocabulary_and_stay_apart():
    config = shrunk({"vocab_size": 150000, "eos_token_id": [149000, 149001], "text_config": {"pad_token_id": 149000}})
    first, second = config["eos_token_id"]
    assert first != second
    assert max(first, second) < config["vocab_size"] == VOCABULARY
    assert config["text_config"]["pad_token_id"] == first


def test_one_layer_of_each_kind_stays():
    kinds = ["linear", "linear", "full"] * 8
    config = few_layers({"num_hidden_layers": 24, "layer_types": kinds, "other": [0] * 24})
    assert config == {"num_hidden_layers": 2, "layer_types": ["linear", "full"], "other": [0, 0]}


def test_layers_that_are_named_stay_and_are_named_anew():
    config = few_layers({"num_hidden_layers": 24, "global_attn_indexes": (5, 11), "_out_indices": [24]})
    assert config == {"num_hidden_layers": 4, "global_attn_indexes": (1, 2), "_out_indices": [4]}
    by_layer = few_layers({"num_hidden_layers": 8, "per_layer_config": {"0": {"a": 1}, "5": {"a": 2}}})
    assert by_layer == {"num_hidden_layers": 2, "per_layer_config": {"0": {"a": 1}}}


@given(st.lists(st.sampled_from("abc"), min_size=5, max_size=40))
def test_every_kind_of_layer_is_still_there(kinds):
    made = few_layers({"num_layers": len(kinds), "layer_types": kinds})
    assert set(made["layer_types"]) == set(kinds)
    assert made["num_layers"] == len(made["layer_types"]) <= 4


@given(st.lists(st.integers(1, 64), min_size=3, max_size=3), st.integers(4, 16))
def test_sections_fill_half_a_head(parts, half):
    made = sections(parts, half)
    assert sum(made) == half


def test_widths_of_stages_keep_their_proportions():
    assert few("hidden_sizes", [64, 128, 320, 512], {}) == [8, 16, 40, 64]
    assert few("hidden_sizes", [256, 256], {}) == [64, 64]
    assert few("depths", (3, 4, 6, 3), {}) == (1, 1, 1, 1)


@pytest.mark.parametrize("model_type", ["llama", "qwen2_vl", "clip", "swin", "gemma3n_text", "whisper", "sam"])
def test_a_tiny_config_is_one_of_its_class_and_comes_back(model_type):
    config = tiny_config(model_type)
    assert type(config) is config_class(model_type)
    assert config_class(model_type).from_dict(config.to_dict()).to_dict() == config.to_dict()
