"""Sizes: which number a config's key gets in a tiny model."""

import re
from typing import Any

WIDTH, HEADS, HEAD, INNER, LAYERS, PLACES, VOCABULARY = 64, 4, 16, 128, 2, 128, 128
_A_HEAD_OF_STAGES = 8

# In order: the first pattern that a whole key matches decides. The number is the most that stays; None keeps all.
_TABLE: tuple[tuple[str, int | None], ...] = (
    (r"upsample_groups", WIDTH),
    (r"num_feat_extract_layers|.*_layer_(offset|period)|num_conv_layers|max_depth|.*_positional_depth", None),
    (
        r".*(kernel|stride|dilat|padding|ratio|_rate|factor|scale|window|_id|_index|mult|expan|bandwidth|seconds).*",
        None,
    ),
    (r".*(loss|_coefficient|_cost|std|eps|dropout|prob|threshold|gamma|groups).*", None),
    (r"num_kv_shared_layers|num_nextn_predict_layers", 0),
    (r"index_topk", 16),
    (r"num_pos_feats", WIDTH // 2),
    (r"num_queries|.*num_proposals", 4),
    (r"num_frames|frames_per_clip|image_embedding_size|mm_tokens_per_image", 4),
    (r".*mel_bins|.*num_mel.*|n_mels|mel_dim|.*feat_in|feature_size|spec_size", 32),
    (r".*vocab.*size.*|.*_vocab|num_embeddings|.*codebook_size|.*_bins", VOCABULARY),
    (r"mamba_n_heads|mamba_num_heads", 8),
    (
        r".*head_dim|d_kv|dim_head|.*head_size|rotary_dim|.*d_head|kv_channels|.*_dim_head|key_dim|value_dim|head_v_dim",
        HEAD,
    ),
    (r"(.*_)?num_(key_value|kv|group|groups_kv)_heads?|.*_kv_heads?|kv_heads|n_kv_heads|multi_query_group_num", 2),
    (r".*num_.*heads?(_.*)?|n_heads?|heads|.*_heads?|.*attention_heads.*", HEADS),
    (r".*lora_rank|.*_rank|.*rank", HEAD),
    (r"d_conv|.*_d_conv|conv_L_cache|.*num_codebooks|n_codebooks", None),
    (r".*(n|num)_.*layers?.*|(n_)?layers?|.*_layers|.*depth|.*num_blocks|num_res.*|.*_blocks|n_layer|layers", LAYERS),
    (r".*experts_per_tok.*|.*top_?k.*|moe_k|n_group|topk_group", 2),
    (r".*num_.*experts?.*|n_.*experts", 4),
    (r"moe.*intermediate_size|shared.*intermediate_size|expert.*(dim|size)", 32),
    (r".*(intermediate|ffn|inner|d_ff|feed_?forward|linear_units|mlp_hidden|mlp_dim).*|ff_dim|.*_ff", INNER),
    (r"(max_)?(seq|text|target|source).*len.*|.*position.*|n_ctx|n_positions|context_length|.*max_.*len.*", PLACES),
    (r".*(image|img|input)_size|.*image_resolution|resolution", 32),
    (r"patch_size|.*_patch_size", 8),
    (r".*(state_size|d_state|ssm_state).*", 8),
    (r"chunk_size.*|block_size|.*chunk.*size.*", None),
    (
        r".*(hidden|embed|embd|d_model|emb_dim|proj|channels|filters|width|units|features|output_size|adapter_dim).*",
        WIDTH,
    ),
    (r"dim|.*_dim|.*_size|.*_dims", WIDTH),
)
_RULES = tuple((re.compile(pattern), value) for pattern, value in _TABLE)


def small(key: str, value: Any, config: dict[str, Any]) -> Any:
    """The new value of a key; a list's for each of its numbers."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if key in ("embed_dim", "patch_embeds_hidden_size") and (heads := _first_of_stages(config)):
        return heads * _A_HEAD_OF_STAGES
    most = limit(key)
    if most is None or value <= most:
        return value
    if most == 2 and _is_full(key, value, config):
        return HEADS
    return most


def limit(key: str) -> int | None:
    """The most that a number of this key may be; None where it may be anything."""
    for pattern, most in _RULES:
        if pattern.fullmatch(key):
            return most
    return None


def _is_full(key: str, value: int, config: dict[str, Any]) -> bool:
    """True for a number of key-value heads that is that of all heads."""
    if "kv" not in key and "key_value" not in key:
        return False
    names = (key.replace("key_value", "attention"), "num_attention_heads", "num_heads", "n_heads", "n_head")
    return any(config.get(name) == value for name in names)


def _first_of_stages(config: dict[str, Any]) -> int:
    """The heads of the first of several stages, whose width they must divide; 0 where there are no stages."""
    heads = config.get("num_heads") or config.get("num_attention_heads")
    return int(heads[0]) if isinstance(heads, list | tuple) and len(heads) > 1 and "depths" in config else 0
