"""The loading rules of the memory XLNets: a checkpoint belongs to one class, and is loaded whole or not at all."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel

from .configuration_memxlnet import LAYOUT_VERSION
from .layouts_memxlnet import HUB_WORDS, CheckpointError, older_state

CLASSES = {"standard": "MemXLNetForQA", "gmm": "GMMXLNetForQA"}
_EXPERT = re.compile(r"expert_mixture\.expert_(\d+)")
_READER = "memory_reader.read_gating_network."


def load_whole(cls: Any, load: Callable[..., Any], source: Any, *args: Any, **options: Any) -> Any:
    """A model of class `cls`, loaded by transformers' `load`, every key accounted for and called once.

    The checkpoint's kind and version are read first; older layouts are read as `layouts_memxlnet` says; then experts,
    routing mode, slots and all shapes are compared with the configuration; last, a short document is read. Raises
    `CheckpointError`, which names the field, the file or the class to use.
    """
    if options.pop("ignore_mismatched_sizes", False):
        raise CheckpointError("ignore_mismatched_sizes leaves weights out: these checkpoints are loaded whole")
    wants_info = options.pop("output_loading_info", False)
    if source is not None:
        hub = {word: options[word] for word in HUB_WORDS if word in options}
        refuse_other_kind(PreTrainedConfig.get_config_dict(source, **hub)[0], cls)
        if (state := older_state(source, hub)) is not None:
            source, options = None, _with_state(cls, source, state, options)
    model, info = load(source, *args, **options, output_loading_info=True, ignore_mismatched_sizes=True)
    if flaw := _flaw(model.config, info):
        raise CheckpointError(f"{flaw}; nothing was loaded")
    # XLNet's attention makes its parameters float32 whatever dtype was asked for, and then cannot compute.
    model.to(model.qa_head.weight.dtype)
    _read_a_little(model)
    return (model, info) if wants_info else model


def refuse_other_kind(raw: dict[str, Any], cls: Any) -> None:
    """Raise `CheckpointError` where a raw configuration belongs to another class, or to a later version.

    Without `memory_type` it is a standard one, as before there were others.
    """
    if raw.get("model_type") == "xlnet":
        raise CheckpointError(
            "model_type in config.json is 'xlnet', a model without a memory: "
            "give it one with samedevice.models.transplant_memxlnet.from_xlnet"
        )
    kind, wanted = raw.get("memory_type", "standard"), cls.config_class.memory_type
    if kind not in CLASSES:
        raise CheckpointError(f"memory_type in config.json is {kind!r}: known are {', '.join(map(repr, CLASSES))}")
    if kind != wanted:
        said = f"is {kind!r}" if "memory_type" in raw else "is absent, which means 'standard'"
        raise CheckpointError(
            f"memory_type in config.json {said}: this is no checkpoint of {cls.__name__}, "
            f"use {CLASSES[kind]}.from_pretrained instead"
        )
    version = str(raw.get("version", LAYOUT_VERSION))
    if not version[:1].isdigit() or int(version.split(".")[0]) > int(LAYOUT_VERSION.split(".")[0]):
        raise CheckpointError(f"version in config.json is {version!r}, and this code reads up to {LAYOUT_VERSION}")


def _with_state(cls: Any, source: Any, state: dict[str, Tensor], options: dict[str, Any]) -> dict[str, Any]:
    """The arguments of transformers' loading for weights that are read already."""
    config = options.pop("config", None)
    if not isinstance(config, PreTrainedConfig):
        config, options = cls.config_class.from_pretrained(config or source, return_unused_kwargs=True, **options)
    rest = {name: value for name, value in options.items() if name not in HUB_WORDS}
    return {**rest, "config": config, "state_dict": state}


def _flaw(config: Any, info: dict[str, Any]) -> str | None:
    """The first thing in which weights and configuration disagree, in words; None where they agree."""
    missing, unexpected = set(info["missing_keys"]), set(info["unexpected_keys"])
    shapes = {key: (tuple(theirs), tuple(ours)) for key, theirs, ours in info["mismatched_keys"]}
    return (
        _experts_flaw(config, missing, unexpected)
        or _routing_flaw(config, missing, unexpected)
        or _slots_flaw(config, shapes, unexpected)
        or _rest_flaw(missing, unexpected, shapes, info["error_msgs"])
    )


def _experts_flaw(config: Any, missing: set[str], unexpected: set[str]) -> str | None:
    lacking, more = _experts(missing), _experts(unexpected)
    if not lacking and not more:
        return None
    expected = getattr(config, "num_memory_experts", 0)
    held = sorted((set(range(expected)) - lacking) | more)
    return f"num_memory_experts is {expected}, and the weights hold {len(held)}: {_few(f'expert_{i}' for i in held)}"


def _experts(keys: Iterable[str]) -> set[int]:
    return {int(found[1]) for key in keys if (found := _EXPERT.fullmatch(key))}


def _routing_flaw(config: Any, missing: set[str], unexpected: set[str]) -> str | None:
    mode = getattr(config, "routing_mode", None)
    if any(key.startswith(_READER) for key in unexpected):
        return f"routing_mode is {mode!r}, and the weights hold a read_gating_network: it is 'read-based'"
    if any(key.startswith(_READER) for key in missing):
        return f"routing_mode is {mode!r}, and the weights hold no read_gating_network: it is 'write-based'"
    return None


def _slots_flaw(config: Any, shapes: dict[str, tuple[Any, Any]], unexpected: set[str]) -> str | None:
    if config.memory_slots == 0 and any(key.startswith("memory.") for key in unexpected):
        return "memory_slots is 0, and the weights hold a memory"
    for key, (theirs, _) in sorted(shapes.items()):
        if _EXPERT.fullmatch(key) or key == "memory.initial":
            if theirs[-1:] != (config.hidden_dim,):
                return f"hidden_dim is {config.hidden_dim}, and {key} has shape {list(theirs)}"
            return f"memory_slots is {config.memory_slots}, and {key} has shape {list(theirs)}: slots, width"
    return None


def _rest_flaw(missing: set[str], unexpected: set[str], shapes: dict[str, tuple[Any, Any]], told: Any) -> str | None:
    if missing:
        return f"the weights lack {_few(missing)}"
    if unexpected:
        return f"the weights hold what the configuration has no place for: {_few(unexpected)}"
    for key, (theirs, ours) in sorted(shapes.items()):
        return f"{key} has shape {list(theirs)} in the weights, and the configuration makes it {list(ours)}"
    return str(told[0]) if told else None


def _few(names: Iterable[str]) -> str:
    names = sorted(names)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _read_a_little(model: PreTrainedModel) -> None:
    """Read two segments of four tokens, the second with the memory of the first; numbers must come out."""
    config: Any = model.config
    device = torch.device("cpu") if model.device.type == "meta" else model.device
    tokens = torch.arange(4, device=device).remainder(config.vocab_size).unsqueeze(0)
    with torch.no_grad():
        first = model(input_ids=tokens)
        second = model(input_ids=tokens, memory_state=first.memory_state or None)
    if not bool(second.start_logits.isfinite().all() & second.end_logits.isfinite().all()):
        broken = [name for name, value in model.named_parameters() if not bool(value.isfinite().all())]
        raise CheckpointError(f"a forward pass gives numbers that are not finite; so are those of {_few(broken)}")
