"""Configuration of XLNet with one recurrent memory."""

from typing import Any

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig, XLNetConfig

# The version of the checkpoint layout that this code writes. One with a higher first number is refused.
LAYOUT_VERSION = "1.0"
DEFAULT_WIDTH = 768

_CLASSES = {"standard": "MemXLNetConfig and MemXLNetForQA", "gmm": "GMMXLNetConfig and GMMXLNetForQA"}


@strict
class MemXLNetConfig(XLNetConfig):
    """XLNet's own fields, and a memory of `memory_slots` vectors as wide as the hidden states.

    `memory_slots` 0 switches the memory off. `hidden_dim` is the seeds' name of XLNet's `d_model`: give either, 768
    if neither. `memory_type` is `standard`, and a checkpoint without it is one. `version` is that of the checkpoint's
    layout. Raises `ValueError` where two fields disagree, or `memory_type` belongs to another class.
    """

    model_type = "memxlnet"

    memory_type: str = "standard"
    memory_slots: int = 16
    # Both names are kept in the file, so that a reader of either finds it.
    d_model: int | None = None  # type: ignore[assignment]
    hidden_dim: int | None = None
    n_layer: int = 12
    n_head: int = 12
    d_inner: int = 3072
    version: str = LAYOUT_VERSION

    def __post_init__(self, **kwargs: Any) -> None:
        """Resolve the width and refuse what cannot be built."""
        self.hidden_dim, self.d_model = _width(self.hidden_dim, self.d_model)
        super().__post_init__(**kwargs)  # type: ignore[no-untyped-call]
        self.refuse_unbuildable()

    def refuse_unbuildable(self) -> None:
        """Raise `ValueError` for fields from which no model can be built; also after they were set one by one."""
        refuse_other_memory(self, "standard")
        if self.memory_slots < 0:
            raise ValueError(f"memory_slots is {self.memory_slots}: give 0, which switches the memory off, or more")


def refuse_other_memory(config: MemXLNetConfig, wanted: str) -> None:
    """Raise `ValueError` where `memory_type` is not the `wanted` one, or the two names of the width differ."""
    _width(config.hidden_dim, config.d_model)
    if config.memory_type == wanted:
        return
    advice = "known are 'standard' (MemXLNetForQA) and 'gmm' (GMMXLNetForQA)"
    if config.memory_type in _CLASSES:
        advice = f"use {_CLASSES[config.memory_type]}"
    raise ValueError(f"memory_type is {config.memory_type!r}: {advice}")


def _width(hidden_dim: int | None, d_model: int | None) -> tuple[int, int]:
    if None not in (hidden_dim, d_model) and hidden_dim != d_model:
        raise ValueError(f"hidden_dim is {hidden_dim} and d_model is {d_model}: they name the same width, give one")
    width = hidden_dim or d_model or DEFAULT_WIDTH
    return width, width


AutoConfig.register(MemXLNetConfig.model_type, MemXLNetConfig, exist_ok=True)
