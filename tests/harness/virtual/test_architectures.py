"""Models that have never heard of us: transformers' own, tiny, computing on a device what they compute on the CPU."""

import pytest
import torch
import transformers as hf

import samedevice
from samedevice.harness.virtual.ledger import Ledger

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
TEXT = {**SMALL, "vocab_size": 128, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
GROUPED = {**TEXT, "num_key_value_heads": 2}
ENCODER_DECODER = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "vocab_size": 128,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
    "forced_eos_token_id": None,
}
IMAGE = {**SMALL, "image_size": 32, "patch_size": 8}
XLNET = {"d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 64, "vocab_size": 128}
RELATIVE = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "max_relative_positions": 32}
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16, "head_dim": 8}
SPEECH = {
    "conv_dim": (32, 32),
    "conv_stride": (5, 2),
    "conv_kernel": (10, 3),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
}

ARCHITECTURES = {
    "gpt2": ("GPT2LMHeadModel", "GPT2Config", {"n_layer": 2, "n_embd": 32, "n_head": 4, "vocab_size": 128}),
    "gpt_neox": ("GPTNeoXForCausalLM", "GPTNeoXConfig", TEXT),
    "llama": ("LlamaForCausalLM", "LlamaConfig", GROUPED),
    "qwen2": ("Qwen2ForCausalLM", "Qwen2Config", GROUPED),
    "gemma3": ("Gemma3ForCausalLM", "Gemma3TextConfig", {**GROUPED, "head_dim": 8}),
    "phi": ("PhiForCausalLM", "PhiConfig", TEXT),
    "opt": ("OPTForCausalLM", "OPTConfig", {**TEXT, "ffn_dim": 64, "word_embed_proj_dim": 32}),
    "bloom": ("BloomForCausalLM", "BloomConfig", {"hidden_size": 32, "n_layer": 2, "n_head": 4, "vocab_size": 128}),
    "xlnet": ("XLNetLMHeadModel", "XLNetConfig", XLNET),
    "mixtral": ("MixtralForCausalLM", "MixtralConfig", {**GROUPED, "num_local_experts": 4}),
    "qwen3_moe": ("Qwen3MoeForCausalLM", "Qwen3MoeConfig", {**GROUPED, **EXPERTS}),
    "mamba": ("MambaForCausalLM", "MambaConfig", {**TEXT, "state_size": 8}),
    "rwkv": ("RwkvForCausalLM", "RwkvConfig", {**TEXT, "attention_hidden_size": 32, "context_length": 64}),
    "bert": ("BertForSequenceClassification", "BertConfig", TEXT),
    "roberta": ("RobertaForMaskedLM", "RobertaConfig", TEXT),
    "deberta_v2": ("DebertaV2ForMaskedLM", "DebertaV2Config", {**TEXT, **RELATIVE}),
    "t5": (
        "T5ForConditionalGeneration",
        "T5Config",
        {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4, "vocab_size": 128}
        | {"decoder_start_token_id": 0},
    ),
    "bart": ("BartForConditionalGeneration", "BartConfig", ENCODER_DECODER),
    "vit": ("ViTForImageClassification", "ViTConfig", IMAGE),
    "swin": (
        "SwinForImageClassification",
        "SwinConfig",
        {"image_size": 32, "patch_size": 4, "embed_dim": 16, "depths": [2, 2], "num_heads": [2, 2], "window_size": 4},
    ),
    "convnext": (
        "ConvNextForImageClassification",
        "ConvNextConfig",
        {"hidden_sizes": [8, 16], "depths": [1, 1], "num_stages": 2, "image_size": 32},
    ),
    "wav2vec2": ("Wav2Vec2ForCTC", "Wav2Vec2Config", {**SMALL, **SPEECH, "vocab_size": 32}),
    "whisper": (
        "WhisperForConditionalGeneration",
        "WhisperConfig",
        ENCODER_DECODER | {"num_mel_bins": 8, "max_source_positions": 50, "max_target_positions": 32},
    ),
    "clip": (
        "CLIPModel",
        "CLIPConfig",
        {"text_config": {**TEXT}, "vision_config": {**IMAGE}, "projection_dim": 16},
    ),
}
SEES = ("vit", "swin", "convnext")
# docs/upstream-findings.md: on MPS alone, transformers asks a tuple or a list whether it is croppable.
UPSTREAM = {("xlnet", "mps"), ("rwkv", "mps")}
DEVICES = {"cuda": ("cuda", 1), "cuda:1": ("cuda", 2), "mps": ("mps", 1)}


def inputs(name, device):
    ids = torch.arange(3, 19).view(2, 8)
    pixels = torch.linspace(-1, 1, 2 * 3 * 32 * 32).view(2, 3, 32, 32)
    if name in SEES:
        made = {"pixel_values": pixels}
    elif name == "wav2vec2":
        made = {"input_values": torch.linspace(-1, 1, 800).view(2, 400)}
    elif name == "whisper":
        made = {"input_features": torch.linspace(-1, 1, 800).view(1, 8, 100), "decoder_input_ids": ids[:1, :2]}
    elif name == "clip":
        made = {"input_ids": ids, "pixel_values": pixels}
    else:
        made = {"input_ids": ids} | ({"decoder_input_ids": ids[:, :4]} if name in ("t5", "bart") else {})
    return {key: value.to(device) for key, value in made.items()}


def tensors(output):
    return [value for value in output.to_tuple() if isinstance(value, torch.Tensor)]


def life(name, device):
    """Forward, greedy tokens, gradients and weights after one AdamW step, all on the CPU again."""
    architecture, config, options = ARCHITECTURES[name]
    hf.set_seed(0)
    model = getattr(hf, architecture)(getattr(hf, config)(**options)).eval().to(device)
    with torch.no_grad():
        seen = tensors(model(**inputs(name, device)))
    if model.can_generate() and name != "whisper":
        prompt = {key: value for key, value in inputs(name, device).items() if not key.startswith("decoder")}
        seen.append(model.generate(**prompt, max_new_tokens=4, min_new_tokens=4, do_sample=False))
    hf.set_seed(0)  # dropout, and wav2vec2 masks with NumPy
    outputs = tensors(model.train()(**inputs(name, device)))
    sum(value.float().sum() for value in outputs if value.requires_grad).backward()
    optimizer = torch.optim.AdamW(model.parameters(), foreach=False)
    seen += [p.grad for p in model.parameters() if p.grad is not None]
    optimizer.step()
    seen += [p.detach() for p in model.parameters()]
    assert {value.device for value in seen} == {torch.empty(0, device=device).device}
    return [value.cpu() for value in seen]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_device_computes_what_the_cpu_computes_and_refuses_nothing(name):
    expected = life(name, "cpu")
    for device, (kind, count) in DEVICES.items():
        ledger = Ledger()
        with samedevice.virtual(kind, count=count, home=device, ledger=ledger):
            if (name, device) in UPSTREAM:
                with pytest.raises(AttributeError, match="is_croppable"):
                    life(name, device)
                continue
            found = life(name, device)
        assert ledger.mismatches == []
        assert len(found) == len(expected)
        assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))
