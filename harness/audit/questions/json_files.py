"""Can the JSON files be read: configs, tokenizers, the state of a Trainer?"""

import re
from collections.abc import Iterator

from ...finding import Finding
from .. import flaw
from ..shard_index import EMBEDDING, INDEX, model_tensors
from ..snapshot import Snapshot

# Files that must hold an object, by who reads them.
_CONFIGS = re.compile(r"^(config|generation_config|adapter_config|model_index|trainer_state|.*preprocessor_config|"
                      r"processor_config|image_processor.*config|quantize_config|scheduler_config)\.json$")  # fmt: skip
_TOKENIZERS = {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json"}
_AGAIN = "copy or download the file again, or save it again"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every JSON file of the folder but the shard indices."""
    for base, parsed in snapshot.json.items():
        name = snapshot.folder.inside(base)
        who, known = flaw.quoted(name), base in _TOKENIZERS or _CONFIGS.match(base) is not None
        code = "SD747" if base in _TOKENIZERS else "SD742"
        if parsed.problem is not None:
            if INDEX.match(base) is None:
                report = flaw.error if known else flaw.warning
                yield report(code, name, f"{who} {parsed.problem}", _AGAIN)
        elif known and not isinstance(parsed.value, dict) and base != "config.json":
            yield flaw.error(code, name, f"{who} holds no JSON object", _AGAIN)
        if parsed.repeated:
            what = f"{who} says twice: {flaw.some(parsed.repeated)}; parsers disagree on which one counts"
            yield flaw.warning("SD716", name, what, "keep the one that is meant")
    yield from _tokenizer(snapshot)
    yield from _texts(snapshot)


def _tokenizer(snapshot: Snapshot) -> Iterator[Finding]:
    told = snapshot.object("tokenizer.json")
    if told is None:
        return
    name = snapshot.folder.inside("tokenizer.json")
    model, added = told.get("model"), told.get("added_tokens")
    if not isinstance(model, dict):
        what = f"{flaw.quoted(name)} has no `model`: the tokenizers library cannot read it"
        yield flaw.error("SD747", name, what, _AGAIN)
        return
    vocabulary = model.get("vocab")
    last = -1
    if isinstance(vocabulary, dict):
        last = max((one for one in vocabulary.values() if type(one) is int), default=-1)
    if isinstance(added, list):
        last = max([last, *(one["id"] for one in added if isinstance(one, dict) and type(one.get("id")) is int)])
    tensors = model_tensors(snapshot)
    rows = [tensor.shape[0] for key, tensor in tensors.items() if EMBEDDING.search(key) and len(tensor.shape) == 2]
    if len(rows) == 1 and last >= rows[0]:
        what = f"{flaw.quoted(name)} gives tokens up to {last}, and the embedding has {rows[0]} rows"
        yield flaw.warning("SD747", name, what, "model.resize_token_embeddings(len(tokenizer)), or copy the right one")


def _texts(snapshot: Snapshot) -> Iterator[Finding]:
    """Text files of tokenizers that are not text."""
    for base in ("merges.txt", "vocab.txt", "chat_template.jinja"):
        file = snapshot.file(base)
        if file is None or file.size > 16 << 20:
            continue
        try:
            file.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            what = f"{flaw.quoted(file.name)} is not UTF-8 text (byte {error.start})"
            yield flaw.error("SD747", file.name, what, _AGAIN)
