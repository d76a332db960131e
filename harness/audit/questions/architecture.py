"""Is the config that of the model whose tensors these are? Only what cannot be meant otherwise is told."""

import re
from collections.abc import Iterator
from typing import Any

from ...finding import Finding
from .. import flaw
from ..contents import Tensor
from ..shard_index import EMBEDDING, model_tensors
from ..snapshot import Snapshot

# A key that only models of these types have.
_FINGERPRINTS: dict[str, tuple[frozenset[str], re.Pattern[str]]] = {
    name: (frozenset(types.split()), re.compile(pattern))
    for name, types, pattern in (
        ("GPT-2", "gpt2", r"(^|\.)h\.0\.attn\.c_attn\.weight$"),
        ("BERT", "bert roberta electra camembert xlm-roberta bert-generation data2vec-text ernie "
         "megatron-bert mobilebert "
         "roberta-prelayernorm longformer big_bird mpnet layoutlm layoutlmv2 layoutlmv3 splinter nezha lxmert",
         r"(^|\.)encoder\.layer\.0\.attention\.self\.query\.weight$"),
        ("DistilBERT", "distilbert", r"(^|\.)transformer\.layer\.0\.attention\.q_lin\.weight$"),
        ("T5", "t5 mt5 umt5 longt5 pix2struct pop2piano switch_transformers",
         r"(^|\.)encoder\.block\.0\.layer\.0\.SelfAttention\.q\.weight$"),
        ("GPT-NeoX", "gpt_neox gpt_neox_japanese", r"(^|\.)layers\.0\.attention\.query_key_value\.weight$"),
        ("OPT", "opt", r"(^|\.)decoder\.layers\.0\.self_attn\.out_proj\.weight$"),
        ("BLOOM or Falcon", "bloom falcon", r"(^|\.)h\.0\.self_attention\.query_key_value\.weight$"),
    )
}  # fmt: skip
# The types of which every model has the key, whatever its head.
_ALWAYS = frozenset({"gpt2", "bert", "roberta", "electra", "distilbert", "gpt_neox", "opt", "bloom"})
_COPY = "copy the config.json that was saved with these weights"
_WIDTHS = ("hidden_size", "n_embd", "d_model", "dim")
_EXPERTS = re.compile(r"(?:^|\.)experts\.(\d+)\.")
_EXPERT_COUNTS = ("num_experts", "n_experts", "num_local_experts", "n_routed_experts", "num_routed_experts")
_BLOCKS = re.compile(r"(?:^|\.)(?:h|layers|layer|block|blocks)\.(\d+)\.")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The config's type, width, vocabulary and depth against the headers."""
    config = snapshot.object("config.json")
    if config is None or not isinstance(config.get("model_type"), str) or "quantization_config" in config:
        return
    tensors = model_tensors(snapshot)
    if not tensors:
        return
    name = snapshot.folder.inside("config.json")
    yield from _family(name, config, tensors)
    yield from _width(name, config, tensors)
    yield from _experts(name, config, tensors)
    if "architectures" in config:
        yield from _vocabulary(name, config, tensors)
        yield from _depth(name, config, tensors)
    yield from _tied(name, config, tensors)


def _family(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    told = config["model_type"]
    mine = next((pattern for types, pattern in _FINGERPRINTS.values() if told in types), None)
    if mine is None or any(mine.search(key) for key in tensors):
        return
    others = [(family, pattern) for family, (_, pattern) in _FINGERPRINTS.items() if pattern is not mine]
    for family, pattern in others:
        key = next((key for key in tensors if pattern.search(key)), None)
        if key is not None:
            what = f"{flaw.quoted(name)} says `model_type` {flaw.quoted(told)}, and {flaw.quoted(key)} is of {family}"
            yield flaw.error("SD744", name, what, _COPY)
            return
    if told in _ALWAYS:
        what = f"{flaw.quoted(name)} says `model_type` {flaw.quoted(told)}, and no tensor has a name of such a model"
        yield flaw.warning("SD744", name, f"{what}: there is {flaw.some(tensors)}", _COPY)


def _is_known(config: dict[str, Any]) -> bool:
    return any(config["model_type"] in types for types, _ in _FINGERPRINTS.values())


def _vocabulary(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    vocabulary = config.get("vocab_size")
    embeddings = [tensor for key, tensor in tensors.items() if EMBEDDING.search(key) and len(tensor.shape) == 2]
    # Several embeddings (of encoder and decoder, of text and of images) have vocabularies of their own.
    if type(vocabulary) is int and len(embeddings) == 1 and not any(key.endswith("_config") for key in config):
        rows = embeddings[0].shape[0]
        # A class of one's own may pad its table; then it has more rows than the vocabulary, never fewer.
        if rows < vocabulary or (rows != vocabulary and _is_known(config)):
            table = flaw.quoted(embeddings[0].name)
            what = f"{flaw.quoted(name)} says `vocab_size` {vocabulary}, and {table} has {rows} rows"
            yield flaw.error("SD744", name, what, f'set "vocab_size": {rows} in {name}, or copy the right config.json')


def _width(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    width = next(((word, config[word]) for word in _WIDTHS if type(config.get(word)) is int), None)
    if (
        width is not None
        and width[1] > 4
        and not any(size % width[1] == 0 for tensor in tensors.values() for size in tensor.shape)
    ):
        what = f"{flaw.quoted(name)} says `{width[0]}` {width[1]}, and no tensor has a dimension of that width"
        yield flaw.warning("SD744", name, what, _COPY)


def _experts(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    """Where every list of experts has one length and the config tells of another: the rest would be drawn anew."""
    told = {word: config[word] for word in _EXPERT_COUNTS if type(config.get(word)) is int}
    lists: dict[str, int] = {}
    for key in tensors:
        match = _EXPERTS.search(key)
        if match:
            where = key[: match.start(1)]
            lists[where] = max(lists.get(where, 0), int(match[1]) + 1)
    held = set(lists.values())
    if len(set(told.values())) == len(held) == 1 and held != set(told.values()):
        words = " and ".join(f"`{word}`" for word in told)
        count = next(iter(told.values()))
        what = f"{flaw.quoted(name)} says {words} {count}, and {flaw.some(lists)} has {held.pop()} of them"
        yield flaw.warning("SD744", name, what, _COPY)


def _depth(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    """Fewer blocks than the config wants, where the tensors have one list of blocks and it has more than one."""
    told = next(
        ((word, config[word]) for word in ("num_hidden_layers", "n_layer") if type(config.get(word)) is int), None
    )
    lists: dict[str, set[int]] = {}
    for key in tensors:
        match = _BLOCKS.search(key)
        if match:
            lists.setdefault(key[: match.start(1)], set()).add(int(match[1]))
    if told is None or not _is_known(config) or len(lists) != 1:
        return
    (where, numbers) = next(iter(lists.items()))
    if len(numbers) != told[1] or max(numbers) + 1 != len(numbers):
        what = f"{flaw.quoted(name)} says `{told[0]}` {told[1]}, and the tensors are of the blocks"
        shown = flaw.some(f"{where}{number}" for number in sorted(numbers))
        yield flaw.error("SD744", name, f"{what} {shown}", _COPY)


def _tied(name: str, config: dict[str, Any], tensors: dict[str, Tensor]) -> Iterator[Finding]:
    """A head that is neither in the file nor tied to the embedding would be drawn anew."""
    told = config.get("architectures")
    decoder = isinstance(told, list) and any(str(one).endswith(("ForCausalLM", "LMHeadModel")) for one in told)
    known = _is_known(config) or any(key.endswith(".self_attn.q_proj.weight") for key in tensors)
    heads = ("lm_head.weight", "embed_out.weight", "output.weight", "cls.predictions.decoder.weight")
    if (
        config.get("tie_word_embeddings") is False
        and decoder
        and known
        and not any(key.endswith(heads) for key in tensors)
    ):
        what = f"{flaw.quoted(name)} says `tie_word_embeddings` false, and there is no `lm_head.weight`"
        what += ": the head would be drawn anew"
        yield flaw.error("SD744", name, what, 'set "tie_word_embeddings": true, or save the head as well')
