"""Is a PEFT adapter whole? Its config and its tensors need each other, and what is missing is loaded as zeros."""

import re
from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..contents import Tensor
from ..snapshot import Snapshot

_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
_LORA = re.compile(r"(?P<module>.+?)\.lora_(?P<half>A|B|embedding_A|embedding_B)(?P<rest>\..+)?$")
_AGAIN = "save the adapter again: peft_model.save_pretrained(DIR)"
_PREFIX = "base_model.model."


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The adapter's config against its tensors."""
    weights = next((base for base in _WEIGHTS if base in snapshot.contents), None)
    config = snapshot.object("adapter_config.json")
    if snapshot.file("adapter_config.json") is None:
        if weights is not None:
            name = snapshot.folder.inside("adapter_config.json")
            yield flaw.error("SD746", name, f"{flaw.quoted(name)} is missing beside {flaw.quoted(weights)}", _AGAIN)
        return
    name = snapshot.folder.inside("adapter_config.json")
    if weights is None:
        what = f"{flaw.quoted(name)} has neither {' nor '.join(map(flaw.quoted, _WEIGHTS))} beside it"
        yield flaw.error("SD746", name, what, _AGAIN)
    if config is None:
        return
    if not isinstance(config.get("peft_type"), str):
        yield flaw.error("SD746", name, f"{flaw.quoted(name)} has no `peft_type`: PEFT cannot tell what it is", _AGAIN)
    if weights is not None and snapshot.contents[weights].sound:
        where = snapshot.folder.inside(weights)
        tensors = snapshot.contents[weights].named()
        for what in _flaws(config, tensors):
            yield flaw.error("SD746", where, f"{flaw.quoted(where)} {what}", _AGAIN)


def _flaws(config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[str]:
    if not tensors:
        yield "holds no tensor: the adapter does nothing"
        return
    saved = config.get("modules_to_save")
    if isinstance(saved, list) and saved and not any(_has(key, part) for key in tensors for part in saved):
        yield f"has no tensor of the `modules_to_save` {flaw.some(saved)}"
    if str(config.get("peft_type")).upper() == "LORA":
        yield from _lora(config, tensors)


def _has(key: str, part: object) -> bool:
    return f".{part}." in f".{key}."


def _lora(config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[str]:
    pairs: dict[tuple[str, str], dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        match = _LORA.match(key)
        if match:
            side = (match["module"], match["half"][:-1] + (match["rest"] or ""))
            pairs.setdefault(side, {})[match["half"][-1]] = tensor
    if not pairs:
        yield "holds no `lora_A`: the adapter does nothing"
        return
    halves = [next(iter(pair.values())).name for pair in pairs.values() if len(pair) == 1]
    if halves:
        yield f"has only one of `lora_A` and `lora_B` for {flaw.some(halves)}"
    names = [tensor.name for pair in pairs.values() for tensor in pair.values()]
    stray = [key for key in names if not key.startswith(_PREFIX) or key.startswith(_PREFIX * 2)]
    if stray:
        yield f"has tensors without one {flaw.quoted(_PREFIX)} in front, which PEFT passes over: {flaw.some(stray)}"
    inner = [key for key in names if re.search(r"\.lora_(A|B)\.[^.]+\.weight$", key)]
    if inner:
        yield f"names the adapter in its keys, which PEFT passes over: {flaw.some(inner)}"
    targets = config.get("target_modules")
    missed = (
        [part for part in targets if not any(_has(key, part) for key in names)] if isinstance(targets, list) else []
    )
    if missed:
        yield f"has no tensor of the `target_modules` {flaw.some(missed)}"
    yield from _ranks(config, pairs)


def _ranks(config: dict[str, Any], pairs: dict[tuple[str, str], dict[str, Tensor]]) -> Iterator[str]:
    rank = config.get("r")
    if type(rank) is not int or config.get("rank_pattern") or config.get("target_parameters"):
        return
    odd = [
        (tensor.name, tensor.shape)
        for (_, kind), pair in pairs.items()
        for half, tensor in pair.items()
        if not kind.startswith("embedding") and len(tensor.shape) == 2 and tensor.shape[half == "B"] != rank
    ]
    if odd:
        key, shape = odd[0]
        yield f"has {flaw.quoted(key)} of shape {list(shape)}, and the config says `r` {rank} ({len(odd)} such)"
