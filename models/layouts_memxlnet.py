"""The older layouts of a checkpoint on disk, read as plain tensors: no code in a file is ever run.

| layout | files beside config.json |
| --- | --- |
| now | `model.safetensors`, or its shards; read by transformers |
| one file | `pytorch_model.bin`, its backbone under `base_model.` |
| parts | `expert_0.pt` to `expert_{k-1}.pt`, `routing_network.pt`, the rest in `pytorch_model.bin` |

An expert's file holds one tensor [slots, hidden], that of the routing network its state dict.
"""

import pickle
from itertools import count
from typing import Any

import torch
from torch import Tensor
from transformers.utils.hub import cached_file

# What transformers takes to find a file on the Hub.
HUB_WORDS = ("cache_dir", "force_download", "local_files_only", "token", "revision", "subfolder", "proxies")
_WHOLE = ("model.safetensors", "model.safetensors.index.json")
_BINARY, _ROUTING = "pytorch_model.bin", "routing_network"


class CheckpointError(ValueError):
    """A checkpoint that is not loaded, and what to do about it."""


def older_state(source: Any, hub: dict[str, Any]) -> dict[str, Tensor] | None:
    """The state dict of a checkpoint in one of the older layouts, with today's names; None for today's layout.

    `source` is a directory or Hub id, `hub` how to find it there. Raises `CheckpointError` for a file that is not
    plain tensors, and where two layouts lie in one directory.
    """
    experts = _parts(source, hub)
    whole = next((name for name in _WHOLE if _find(source, name, hub)), None)
    if whole is not None:
        if experts:
            raise CheckpointError(f"{source} holds {whole} and {experts[0]}: two layouts, remove the one that is stale")
        return None
    binary = _find(source, _BINARY, hub)
    if binary is None and not experts:
        return None
    state = {} if binary is None else {_renamed(key): value for key, value in _read(binary).items()}
    for name, part in _read_parts(source, experts, hub).items():
        if name in state and not torch.equal(state[name], part):
            raise CheckpointError(f"{name} is in {_BINARY} and, with other values, in a file of its own: remove one")
        state[name] = part
    return state


def _find(source: Any, name: str, hub: dict[str, Any]) -> str | None:
    return cached_file(source, name, _raise_exceptions_for_missing_entries=False, **hub)


def _parts(source: Any, hub: dict[str, Any]) -> list[str]:
    """The names of the experts' files, in order, up to the first that is not there."""
    names: list[str] = []
    for expert in count():
        if _find(source, f"expert_{expert}.pt", hub) is None:
            return names
        names.append(f"expert_{expert}.pt")
    raise AssertionError("endless")


def _read_parts(source: Any, experts: list[str], hub: dict[str, Any]) -> dict[str, Tensor]:
    state = {}
    for name in experts:
        (value,) = _read(str(_find(source, name, hub)), alone=name.removesuffix(".pt")).values()
        state[f"expert_mixture.{name.removesuffix('.pt')}"] = value
    routing = _find(source, f"{_ROUTING}.pt", hub) if experts else None
    if routing is not None:
        for key, value in _read(routing).items():
            state[f"{_ROUTING}.{key.removeprefix(f'{_ROUTING}.')}"] = value
    return state


def _read(file: str, alone: str | None = None) -> dict[str, Tensor]:
    """The tensors of a file by name; a bare tensor gets the name `alone`, if that may be."""
    try:
        held = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CheckpointError(f"{file} does not load as plain tensors (weights_only): {reason}") from error
    if alone is not None and isinstance(held, Tensor):
        return {alone: held}
    is_state = isinstance(held, dict) and all(isinstance(value, Tensor) for value in held.values())
    if not is_state or (alone is not None and len(held) != 1):
        wanted = "a state dict" if alone is None else "one tensor"
        raise CheckpointError(f"{file} holds {type(held).__name__}, expected {wanted}")
    return dict(held)


def _renamed(key: str) -> str:
    """Transformers calls an XLNet inside another model `transformer`; `base_model` is a property of every model."""
    return f"transformer.{key.removeprefix('base_model.')}" if key.startswith("base_model.") else key
