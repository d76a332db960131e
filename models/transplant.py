"""Give a pretrained GPT-2 or Pythia another position encoding and keep all its other weights."""

import copy
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel

from .backbones import BACKBONES
from .configuration_reasoner import MathReasonerConfig
from .modeling_reasoner import MathReasonerForCausalLM


def from_backbone(
    source: PreTrainedModel | str | Path,
    position_encoding: str,
    encoding_options: dict[str, Any] | None = None,
    **loading: Any,
) -> MathReasonerForCausalLM:
    """A reasoner with the weights of a stock model, on its device and in its dtype.

    `source` is a `GPT2LMHeadModel`, a `GPTNeoXForCausalLM`, or the directory or Hub id of one, which is loaded
    with the keyword arguments `loading`. The new encoding starts fresh, except that what the backbone knew is
    carried over where the method can hold it, so that nothing changes: a GPT-2 as `learned`, a GPT-NeoX as `rope`.
    Raises `ValueError` for another architecture, or if the weights do not fit.
    """
    if not isinstance(source, PreTrainedModel):
        source = AutoModelForCausalLM.from_pretrained(source, **loading)
    kind = source.config.model_type
    if kind not in BACKBONES:
        raise ValueError(f"cannot take over the weights of a {kind!r} model: give one of {', '.join(BACKBONES)}")
    options = {**_known_positions(source, position_encoding), **(encoding_options or {})}
    text_config = copy.deepcopy(source.config)
    text_config._attn_implementation = None
    config = MathReasonerConfig(
        backbone=kind, position_encoding=position_encoding, encoding_options=options, text_config=text_config
    )
    model = MathReasonerForCausalLM(config)
    model.to(device=source.device, dtype=source.dtype)  # type: ignore[call-arg]
    model.train(source.training)
    _copy_weights(source, model)
    model.generation_config = copy.deepcopy(source.generation_config)
    return model


def _known_positions(source: PreTrainedModel, position_encoding: str) -> dict[str, Any]:
    """Options under which an encoding reproduces the backbone's own."""
    if source.config.model_type == "gpt_neox" and position_encoding in ("rope", "mathematical_rope"):
        rope = source.config.rope_parameters
        return {"theta": rope["rope_theta"], "fraction": rope["partial_rotary_factor"]}
    if source.config.model_type == "gpt2" and position_encoding == "learned":
        return {"max_positions": source.config.max_position_embeddings}
    return {}


def _copy_weights(source: PreTrainedModel, model: MathReasonerForCausalLM) -> None:
    own = BACKBONES[source.config.model_type].positions + "."
    weights = source.state_dict()
    native = {name: weights.pop(name) for name in list(weights) if name.startswith(own)}
    outcome = model.backbone.load_state_dict(weights, strict=False)
    if outcome.missing_keys or outcome.unexpected_keys:
        raise ValueError(
            f"the weights do not fit the backbone: missing {outcome.missing_keys}, unexpected {outcome.unexpected_keys}"
        )
    table = native.get(own + "weight")
    known = getattr(model.position_encoding, "table", None)
    if table is not None and known is not None and known.shape == table.shape:
        with torch.no_grad():
            known.copy_(table)
