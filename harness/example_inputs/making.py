"""Making: the arguments of a model's forward, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import NotChecked
from .audio import AUDIO
from .others import OTHERS
from .text import TEXT
from .vision import VISION
from .wish import Wish

MEND = "give --inputs, or an attribute `inputs` beside the target"

# By the name of a parameter: what makes its value. None of a maker means: not this time.
MAKERS: Mapping[str, Callable[[Wish], Any]] = {**TEXT, **VISION, **AUDIO, **OTHERS}

# Fed where forward takes them and their maker has something, though they have defaults.
_COMPANIONS = (
    "input_ids",
    "attention_mask",
    "pixel_values",
    "image_grid_thw",
    "mm_token_type_ids",
    "image_sizes",
    "spatial_shapes",
    "pixel_attention_mask",
    "visual_feats",
    "visual_pos",
    "bbox",
    "actions",
    "rewards",
    "returns_to_go",
    "timesteps",
    "decoder_input_ids",
    "input_features",
    "input_values",
)


def is_asked_by_config(wish: Wish) -> bool:
    """True for a transformers model that is to be fed: its config says with what."""
    return hasattr(wish.config, "to_dict") and bool(wish.required or _main(wish))


def _main(wish: Wish) -> tuple[str, ...]:
    """The main inputs that forward takes; the first that can be made, for a part that inherited another one's name."""
    taken = tuple(name for name in wish.main if name in wish.accepted)
    return taken or tuple(name for name in wish.accepted if name in MAKERS)[:1]


def from_config(wish: Wish) -> dict[str, Any]:
    """Keyword arguments, on the CPU, that the config and the signature of a transformers model ask for.

    Tokens (int64 `[2, 8]`, below the vocabulary's size, without padding, with room for an image), images, sound,
    boxes, series. Raises `NotChecked` where no example is known for what forward requires.
    """
    wanted = dict.fromkeys((*wish.required, *_main(wish), *_COMPANIONS))
    fed: dict[str, Any] = {}
    for name in wanted:
        if name in wish.accepted and name in MAKERS:
            value = MAKERS[name](wish)
            if value is not None:
                fed[name] = value
    missing = [name for name in wish.required if name not in fed]
    if missing:
        raise NotChecked(f"cannot be fed: no example is known for {', '.join(missing)}, which forward wants; {MEND}")
    if not fed:
        main = ", ".join(map(repr, wish.main))
        raise NotChecked(f"cannot be fed: no example is known for the main input {main}; {MEND}")
    return fed
