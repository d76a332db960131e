"""Which of several checkpoints in one folder is loaded, and is it the one that was saved last?"""

import re
from collections.abc import Iterator

from ...finding import Finding
from .. import digests, flaw
from ..contents import Tensor
from ..shard_index import index_of
from ..snapshot import Snapshot

_STEMS = (("model", "pytorch_model"), ("adapter_model", "adapter_model"),
          ("diffusion_pytorch_model", "diffusion_pytorch_model"))  # fmt: skip
_VARIANT = re.compile(r"^(?:model|pytorch_model|diffusion_pytorch_model)\.([\w-]+)\.(?:safetensors|bin)$")
_Held = dict[str, tuple[str, Tensor]]


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each loser against the winner, in the order in which transformers, PEFT and diffusers look for files."""
    variants = {""} | {f".{match[1]}" for base in snapshot.contents if (match := _VARIANT.match(base))}
    for safe, plain in _STEMS:
        for variant in sorted(variants - {".index"}):
            present = [
                base for base in _order(safe, plain, variant) if base in snapshot.contents or base in snapshot.json
            ]
            for loser in present[1:]:
                yield from _compared(snapshot, present[0], loser)
    yield from _beside_adapter(snapshot)


def _order(safe: str, plain: str, variant: str) -> tuple[str, ...]:
    """The names in the order in which `from_pretrained` looks for them."""
    return (
        f"{safe}{variant}.safetensors",
        f"{safe}.safetensors.index{variant}.json",
        f"{plain}{variant}.bin",
        f"{plain}.bin.index{variant}.json",
    )


def _held(snapshot: Snapshot, base: str) -> _Held | None:
    """The tensors of a checkpoint, single or sharded; None where they cannot all be read."""
    if base in snapshot.contents:
        bases: tuple[str, ...] = (base,)
    else:
        index = index_of(snapshot, base)
        bases = index.shards if index is not None else ()
    if not bases or not all(one in snapshot.contents and snapshot.contents[one].sound for one in bases):
        return None
    return snapshot.tensors(bases)


def _compared(snapshot: Snapshot, winner: str, loser: str) -> Iterator[Finding]:
    first, second = snapshot.folder.inside(winner), snapshot.folder.inside(loser)
    head = f"{flaw.quoted(first)} is loaded and {flaw.quoted(second)} is not"
    hint = f"delete the one that is not meant: {_removal(winner)}, or {_removal(loser)}"
    mine, theirs = _held(snapshot, winner), _held(snapshot, loser)
    if mine is None or theirs is None:
        yield flaw.warning("SD706", first, f"{head}; they cannot be compared", hint)
        return
    differing = _differing(mine, theirs)
    report = flaw.error if "safetensors" in loser else flaw.warning
    if differing:
        yield report("SD706", first, f"{head}; they hold other tensors: {flaw.some(differing)}", hint)
    elif not snapshot.depth:
        what = f"{head}; names, dtypes and shapes are the same, values were not compared"
        yield report("SD706", first, what, f"{hint}; --values compares them")
    else:
        changed = _changed(snapshot, mine, theirs)
        if changed:
            what = f"{head}; the values differ in {flaw.some(changed)}: one is an older save"
            yield report("SD706", first, what, hint)
        else:
            yield flaw.note("SD706", first, f"{head}; both hold the same values", hint)


def _removal(base: str) -> str:
    return f"rm {base} and its shards" if base.endswith(".json") else f"rm {base}"


def _differing(mine: _Held, theirs: _Held) -> list[str]:
    """Tensors that only one has, or of another dtype or shape. A tied twin in a pickle is no tensor of its own."""
    homes = [{(base, tensor.region) for base, tensor in held.values()} for held in (mine, theirs)]
    twins = [len(held) - len(home) for held, home in zip((mine, theirs), homes, strict=True)]
    odd = sorted(mine.keys() ^ theirs.keys())
    if len(odd) <= max(twins):
        odd = []
    common = sorted(mine.keys() & theirs.keys())
    return odd + [key for key in common if _form(mine[key][1]) != _form(theirs[key][1])]


def _form(tensor: Tensor) -> tuple[str, tuple[int, ...]]:
    return tensor.dtype, tensor.shape


def _changed(snapshot: Snapshot, mine: _Held, theirs: _Held) -> list[str]:
    common = sorted(mine.keys() & theirs.keys())
    found = [_digests(snapshot, {key: held[key] for key in common}) for held in (mine, theirs)]
    return [key for key in common if found[0][key] != found[1][key]]


def _digests(snapshot: Snapshot, held: _Held) -> dict[str, str]:
    by_file: dict[str, list[tuple[str, Tensor]]] = {}
    for key, (base, tensor) in held.items():
        by_file.setdefault(base, []).append((key, tensor))
    found: dict[str, str] = {}
    for base, tensors in by_file.items():
        file = snapshot.file(base)
        regions = [tensor.region for _, tensor in tensors if tensor.region is not None]
        hashed = digests.of_regions(file.path, regions) if file is not None else {}
        found |= {key: hashed.get(tensor.region, "") + tensor.view if tensor.region else "" for key, tensor in tensors}
    return found


def _beside_adapter(snapshot: Snapshot) -> Iterator[Finding]:
    if "adapter_config.json" not in snapshot.json:
        return
    for base in _order("model", "pytorch_model", ""):
        if base in snapshot.contents or base in snapshot.json:
            name = snapshot.folder.inside(base)
            what = f"{flaw.quoted(name)} stands beside `adapter_config.json`"
            what += ": from_pretrained loads the adapter's base model instead"
            yield flaw.warning("SD706", name, what, "move the adapter into a folder of its own")
            return
