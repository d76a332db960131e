"""Do a shard index and the headers of its shards say the same, in both directions?"""

from collections import Counter
from collections.abc import Iterator

from ...finding import Finding
from .. import flaw
from ..shard_index import INDEX, SHARD, Index, index_of, model_files
from ..snapshot import Snapshot
from ..zip_archive import leaves

# What transformers takes; None is a file that some other program wrote.
_FORMATS = ("pt", "tf", "flax", "mlx", "np", None)
_REWRITE = "save the model again into an empty folder, or write the index anew from the headers"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every index against its shards, and shards that no index names."""
    named: set[str] = set()
    for base in snapshot.json:
        if INDEX.match(base):
            index = index_of(snapshot, base)
            if index is None:
                yield from _unreadable(snapshot, base)
                named |= set(snapshot.contents)
            else:
                named |= set(index.shards)
                yield from _against_shards(snapshot, index)
    yield from _nameless(snapshot, named)
    yield from _formats(snapshot)


def _formats(snapshot: Snapshot) -> Iterator[Finding]:
    """What `format` the headers give, which decides whether transformers loads a file at all."""
    bases = [base for base in model_files(snapshot) if snapshot.contents[base].format == "safetensors"]
    told = {base: snapshot.contents[base].metadata.get("format") for base in bases if snapshot.contents[base].sound}
    common = Counter(told.values()).most_common(1)
    for base, form in told.items():
        name = snapshot.folder.inside(base)
        hint = f"save it again: save_file(tensors, {base!r}, metadata={{'format': 'pt'}})"
        if form not in _FORMATS:
            what = f"{flaw.quoted(name)} says in its header that its `format` is {flaw.quoted(form)}"
            yield flaw.warning("SD717", name, f"{what}: from_pretrained refuses it", hint)
        elif form != common[0][0]:
            usual = flaw.quoted(common[0][0])
            what = f"{flaw.quoted(name)} says `format` {flaw.quoted(form)} and the other shards {usual}"
            yield flaw.warning("SD717", name, what, hint)


def _unreadable(snapshot: Snapshot, base: str) -> Iterator[Finding]:
    name, parsed = snapshot.folder.inside(base), snapshot.json[base]
    problem = parsed.problem or "has no `weight_map` from tensors to files"
    yield flaw.error("SD720", name, f"the shard index {flaw.quoted(name)} {problem}", _REWRITE)


def _against_shards(snapshot: Snapshot, index: Index) -> Iterator[Finding]:
    name = snapshot.folder.inside(index.base)
    outside = {key: shard for key, shard in index.weight_map.items() if leaves(shard)}
    if outside:
        key, shard = next(iter(outside.items()))
        what = f"`weight_map` of {flaw.quoted(name)} sends {flaw.quoted(key)} to {flaw.quoted(shard)}, outside of the"
        more = f" folder; likewise {flaw.some(list(outside)[1:])}" if len(outside) > 1 else " folder"
        yield flaw.error("SD705", name, what + more, "do not load it: from_pretrained would read that file")
    gone = [shard for shard in index.shards if shard not in snapshot.contents and not leaves(shard)]
    for shard in gone:
        if (snapshot.folder.path / shard).is_file():
            what = (
                f"{flaw.quoted(name)} names {flaw.quoted(shard)}, which is in another folder: some loaders refuse that"
            )
            yield flaw.warning("SD721", name, what, "put all shards beside the index")
            continue
        keys = [key for key, told in index.weight_map.items() if told == shard]
        what = f"{flaw.quoted(name)} names {flaw.quoted(shard)}, which is not there, for {flaw.some(keys)}"
        yield flaw.error("SD721", name, what, f"download or copy {shard} as well")
    yield from _tensors(snapshot, index, name)
    yield from _total(snapshot, index, name)


def _tensors(snapshot: Snapshot, index: Index, name: str) -> Iterator[Finding]:
    """Index against headers and headers against index, for the shards that can be read."""
    readable = [shard for shard in index.shards if shard in snapshot.contents and snapshot.contents[shard].sound]
    holders: dict[str, list[str]] = {}
    for shard in readable:
        for tensor in snapshot.contents[shard].tensors:
            holders.setdefault(tensor.name, []).append(shard)
    wrong = [
        (key, f"is not in {flaw.quoted(shard)}" + (f" but in {flaw.some(holders[key])}" if key in holders else ""))
        for key, shard in index.weight_map.items()
        if shard in readable and shard not in holders.get(key, ())
    ]
    if wrong:
        yield flaw.error("SD722", name, flaw.first_of(name, wrong), _REWRITE)
    extra = [(key, f"of {flaw.quoted(held[0])} is not in the index") for key, held in holders.items()
             if key not in index.weight_map]  # fmt: skip
    if extra:
        yield flaw.error("SD723", name, flaw.first_of(name, extra), _REWRITE)
    twice = [(key, f"is in {flaw.some(held)}, and loaders differ in which they take")
             for key, held in holders.items() if len(held) > 1]  # fmt: skip
    if twice:
        yield flaw.error("SD724", name, flaw.first_of(name, twice), _REWRITE)


def _total(snapshot: Snapshot, index: Index, name: str) -> Iterator[Finding]:
    told = index.metadata.get("total_size")
    held = [snapshot.contents[shard] for shard in index.shards if shard in snapshot.contents]
    if told is None or len(held) < len(index.shards) or not all(one.sound for one in held):
        return
    every = sum(tensor.bytes for one in held for tensor in one.tensors)
    once = sum(region.size for one in held for region in {tensor.region for tensor in one.tensors} if region)
    if told not in (every, once) and not any(tensor.view for one in held for tensor in one.tensors):
        what = (
            f"`total_size` in {flaw.quoted(name)} is {flaw.quoted(told)}, and the shards hold {once} bytes of tensors"
        )
        yield flaw.warning("SD725", name, what, _REWRITE)


def _nameless(snapshot: Snapshot, named: set[str]) -> Iterator[Finding]:
    families: dict[tuple[str, ...], list[str]] = {}
    for base in snapshot.contents:
        match = SHARD.match(base)
        if match and base not in named:
            families.setdefault((match["stem"], match["count"], match["variant"] or "", match["kind"]), []).append(base)
    for (stem, count, _, kind), bases in families.items():
        first = snapshot.folder.inside(bases[0])
        if any(SHARD.match(shard) and shard.startswith(stem) and shard.endswith(kind) for shard in named):
            what = f"{flaw.some(bases)}: no index names them; left by another save, and read by whoever takes all files"
            yield flaw.warning("SD726", first, what, "delete them, or save into an empty folder")
            continue
        gap = f"; {int(count) - len(bases)} of {int(count)} are missing" if len(bases) < int(count) else ""
        what = f"{flaw.some(bases)}: shards without an index{gap}: from_pretrained does not find them"
        yield flaw.error("SD726", first, what, f"download or write {stem}.{kind}.index.json as well")
