"""Do the keys carry a wrapper's prefix? They fit no model that is not wrapped, and load as nothing."""

from collections.abc import Iterator

from ...finding import Finding
from .. import flaw
from ..contents import Contents, Tensor
from ..shard_index import SHARD
from ..snapshot import Snapshot

# Parts of a key that only a wrapper puts there, wherever they stand.
_WRAPPERS = {
    "_orig_mod": "torch.compile",
    "_fsdp_wrapped_module": "FullyShardedDataParallel",
    "_checkpoint_wrapped_module": "activation checkpointing",
    "_forward_module": "Lightning or DeepSpeed",
    "_flat_param": "FullyShardedDataParallel",
}
_LOADED_BY_NAME = ("model.safetensors", "pytorch_model.bin", "adapter_model.safetensors", "adapter_model.bin")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every file of tensors, dict by dict."""
    for base, contents in snapshot.contents.items():
        for keys in _dicts(contents.tensors).values():
            yield from _wrapped(snapshot, base, contents, keys)


def _dicts(tensors: tuple[Tensor, ...]) -> dict[str, list[str]]:
    dicts: dict[str, list[str]] = {}
    for tensor in tensors:
        dicts.setdefault(tensor.container, []).append(tensor.key)
    return dicts


def _wrapped(snapshot: Snapshot, base: str, contents: Contents, keys: list[str]) -> Iterator[Finding]:
    name = contents.file
    report = flaw.error if base in _LOADED_BY_NAME or SHARD.match(base) else flaw.warning
    for part, wrapper in _WRAPPERS.items():
        found = [key for key in keys if part in key.split(".")]
        if found:
            what = f"{flaw.quoted(name)} was saved through {wrapper}: `{part}.` in {flaw.some(found)}"
            yield report("SD750", name, what, _hint(part))
    # A model may call a part of its own `module`: only where all keys start so was a wrapper saved.
    if all(key.startswith("module.") for key in keys):
        what = f"{flaw.quoted(name)} was saved through DataParallel or DistributedDataParallel: {flaw.some(keys)}"
        yield report("SD750", name, what, _hint("module"))
    adapted = [key for key in keys if key.startswith("base_model.model.") or ".base_layer." in key]
    if adapted and not base.startswith("adapter_") and snapshot.file("adapter_config.json") is None:
        what = f"{flaw.quoted(name)} was saved through PEFT and is no adapter: {flaw.some(adapted)}"
        yield report("SD750", name, what, "save `peft_model.merge_and_unload()`, or the adapter by its save_pretrained")


def _hint(part: str) -> str:
    inner = {"_orig_mod": "model._orig_mod.state_dict()", "module": "model.module.state_dict()"}
    mend = inner.get(part, "the state dict of the unwrapped model")
    return f"save {mend}; in the file: {{key.replace('{part}.', ''): value for key, value in state.items()}}"
