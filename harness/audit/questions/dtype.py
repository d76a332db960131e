"""Is the dtype in the config that of the tensors? from_pretrained casts every tensor to the config's."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..dtypes import BITS, FLOATS, TORCH
from ..shard_index import model_tensors
from ..snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The dtype of the config against those of the floating-point tensors."""
    config = snapshot.object("config.json")
    told = None if config is None or "quantization_config" in config else _told(config)
    if told is None:
        return
    held = Counter(tensor.dtype for tensor in model_tensors(snapshot).values() if tensor.dtype in FLOATS)
    other = {dtype: count for dtype, count in held.items() if dtype != told[1]}
    if not other:
        return
    name = snapshot.folder.inside("config.json")
    counts = ", ".join(f"{count} {dtype}" for dtype, count in sorted(other.items()))
    wider = [dtype for dtype in other if BITS[dtype] > BITS[told[1]] or {dtype, told[1]} == {"F16", "BF16"}]
    what = f"{flaw.quoted(name)} says `{told[0]}`, and the tensors are {counts} of {sum(held.values())} in all"
    if wider and told[1] not in held:
        hint = f"load them with the dtype that they have, or write it into {name}"
        yield flaw.warning("SD745", name, f"{what}: from_pretrained rounds every one of them", hint)
    else:
        rounds = "rounds those, unless the class keeps them" if wider else "widens those, which changes no value"
        yield flaw.note(
            "SD745", name, f"{what}: from_pretrained {rounds}", "name them in `_keep_in_fp32_modules_strict`"
        )


def _told(config: dict[str, Any]) -> tuple[str, str] | None:
    """The config's dtype, as a text and as safetensors spells it; None where it gives none, or several."""
    if any(isinstance(part, dict) and ("dtype" in part or "torch_dtype" in part) for part in config.values()):
        return None
    word = config.get("dtype", config.get("torch_dtype"))
    plain = word.removeprefix("torch.") if isinstance(word, str) else ""
    return (f"dtype {plain}", TORCH[plain]) if TORCH.get(plain) in FLOATS else None
