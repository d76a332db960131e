"""Exceptions: the model types that the rules of size do not fit, each with its reason."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

Changes = Mapping[str, Any]

# Rotary sections that fill half of a small head: the class has those of a large one for a default.
_SECTIONS: Changes = {"rope_parameters": {"mrope_section": [2, 3, 3]}}
_LONG: Changes = {"prediction_length": 4, "context_length": 12}

# By the model type of a config or sub-config: what its dict gets after all rules. A dict is merged into the one there.
_EXCEPTIONS: Mapping[str, Changes] = {
    # The sizes of one thing are written in several places, and must agree.
    "bit": {"num_groups": 4},
    "efficientnet": {"hidden_dim": 2560},
    "layoutlmv3": {"coordinate_size": 10, "shape_size": 12},
    "lilt": {"hidden_size": 48},
    "lw_detr_vit": {"image_size": 64},
    "mamba2": {"num_heads": 8},
    "mobilevit": {"num_attention_heads": 2},
    "mobilevitv2": {"image_size": 64},
    "molmo2_adapter": {"vision_feature_layer": [1, 0]},
    "muse_spark_audio": {"num_hidden_layers": 4},
    "perceiver": {"num_latents": 8, "d_latents": 64},
    "reformer": {"axial_pos_embds_dim": [16, 48], "axial_pos_shape": [4, 16]},
    "sam2_hiera_det_model": {"hidden_size": 12},
    "seggpt": {"merge_index": 0},
    "superglue": {"gnn_layers_types": ["self", "cross"], "sinkhorn_iterations": 2},
    "superpoint": {"keypoint_decoder_dim": 65},
    "vipllava": {"vision_feature_layers": [-2, -1]},
    "vibevoice_acoustic_tokenizer": {"num_filters": 4},
    "vibevoice_acoustic_tokenizer_decoder": {"num_filters": 4},
    "vibevoice_acoustic_tokenizer_encoder": {"num_filters": 4},
    "zamba2": {"mamba_headdim": 32},
    # Every kind of layer must be among the few that stay.
    "bamba": {"attn_layer_indices": [1]},
    "granitemoehybrid": {"layer_types": ["mamba", "attention"]},
    "jamba": {"attn_layer_period": 2, "attn_layer_offset": 1},
    "recurrent_gemma": {"num_hidden_layers": 3},
    # What the default config leaves out, though the model cannot be built or called without it.
    "autoformer": _LONG,
    "blip-2": {"image_token_index": 100},
    "dbrx": {"attn_config": {"rope_theta": 10000.0, "clip_qkv": 8.0}},
    "deepseek_ocr2_text": {"mlp_layer_types": ["dense", "sparse"], "num_experts_per_tok": 2},
    "deepseek_v2": {"num_experts_per_tok": 2, "n_group": 1, "topk_group": 1},
    "diffusion_gemma_text": {"num_experts": 4, "top_k_experts": 2, "moe_intermediate_size": 32},
    "dots1": {"n_routed_experts": 4, "n_shared_experts": 1, "num_experts_per_tok": 2},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "informer": _LONG,
    "instructblip": {"image_token_index": 100},
    "instructblipvideo": {"video_token_index": 100},
    "lfm2_moe": {"layer_types": ["conv", "full_attention"]},
    "nemotron": {"num_key_value_heads": 4},
    "step3p5": {"sliding_window": 8},
    "time_series_transformer": _LONG,
    "xmod": {"default_language": "en_XX"},
    # Windows and tables that must fit a short text or a small image.
    "donut-swin": {"window_size": 2, "image_size": 64},
    "swin": {"window_size": 2, "image_size": 64},
    "led": {"attention_window": [8, 8]},
    "longformer": {"attention_window": [8, 8]},
    "markuplm": {"max_xpath_tag_unit_embeddings": 256, "max_xpath_subs_unit_embeddings": 1024},
    # Sections of the rotary embedding.
    "glm46v_text": _SECTIONS,
    "glm4v_moe_text": {"rope_parameters": {"mrope_section": [1, 1, 2]}},
    "glm4v_text": _SECTIONS,
    "glm_image_text": _SECTIONS,
    "glm_ocr_text": _SECTIONS,
    "paddleocr_vl_text": _SECTIONS,
    "qwen2_5_omni_text": _SECTIONS,
    "qwen2_5_vl_text": _SECTIONS,
    "qwen2_vl_text": _SECTIONS,
}

# A backbone of transformers' own in place of one from a library that is not there.
_RESNET = {"model_type": "resnet", "embedding_size": 8, "hidden_sizes": [8, 16, 32, 64], "depths": [1, 1, 1, 1]}


def excepted(config: dict[Any, Any]) -> dict[Any, Any]:
    """The dict of a config with what its model type needs besides the rules."""
    return _merged(config, _EXCEPTIONS.get(config.get("model_type", ""), {}))


def native(config: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same dict, with a ResNet of transformers instead of a backbone of timm where that is not installed."""
    if config.get("model_type") != "timm_backbone" or find_spec("timm") is not None:
        return dict(config)
    wanted = len(config.get("out_indices") or [0])
    return {**_RESNET, "out_features": [f"stage{i}" for i in range(1, 5)][-wanted:]}


def _merged(config: dict[Any, Any], changes: Changes) -> dict[Any, Any]:
    made = dict(config)
    for key, value in changes.items():
        made[key] = _merged(made.get(key) or {}, value) if isinstance(value, Mapping) else value
    return made
