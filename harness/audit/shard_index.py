"""Shard indices and the names of shards, as transformers, diffusers and huggingface_hub write them."""

import re
from dataclasses import dataclass
from typing import Any

from .contents import Tensor
from .snapshot import Snapshot

INDEX = re.compile(r"^(?P<stem>.+)\.(?P<kind>safetensors|bin)\.index(?P<variant>\.[^.]+)?\.json$")
SHARD = re.compile(
    r"^(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<variant>\.[^.]+)?\.(?P<kind>safetensors|bin)$"
)
EMBEDDING = re.compile(r"(^|\.)(embed_tokens|wte|word_embeddings|embed_in)\.weight$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that can be read: `weight_map` sends tensors to the names of files in the same folder."""

    base: str
    weight_map: dict[str, str]
    metadata: dict[str, Any]

    @property
    def shards(self) -> tuple[str, ...]:
        """The files it names, each once, in order."""
        return tuple(dict.fromkeys(self.weight_map.values()))


def index_of(snapshot: Snapshot, base: str) -> Index | None:
    """The index in a file; None where it is none."""
    told = snapshot.object(base)
    weight_map = told.get("weight_map") if told is not None else None
    if not isinstance(weight_map, dict) or not all(isinstance(shard, str) for shard in weight_map.values()):
        return None
    metadata = told.get("metadata") if told is not None else None
    return Index(base=base, weight_map=weight_map, metadata=metadata if isinstance(metadata, dict) else {})


def model_files(snapshot: Snapshot) -> list[str]:
    """The files of a folder that hold a model's weights by their name: not optimizers, adapters and the like."""
    names = ("model.safetensors", "pytorch_model.bin")
    return [base for base in snapshot.contents if base in names or _is_model_shard(base)]


def model_tensors(snapshot: Snapshot) -> dict[str, Tensor]:
    """The tensors of those files by name; none where one of the files cannot be read."""
    bases = model_files(snapshot)
    if not all(snapshot.contents[base].sound for base in bases):
        return {}
    return {name: tensor for name, (_, tensor) in snapshot.tensors(bases).items()}


def _is_model_shard(base: str) -> bool:
    match = SHARD.match(base)
    return match is not None and match["stem"] in ("model", "pytorch_model")
