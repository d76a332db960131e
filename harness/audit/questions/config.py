"""Is there a config.json, can it be read, and does it say which model it is for?"""

from collections.abc import Iterator

from ...finding import Finding
from .. import flaw
from ..snapshot import Snapshot

_NAMED_BY_TRANSFORMERS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                          "pytorch_model.bin.index.json")  # fmt: skip
# What a Trainer or accelerate writes beside weights that are loaded into a model that was built already.
_OF_A_TRAINING = ("training_args.bin", "random_states_0.pkl", "optimizer.bin", "optimizer.pt", "trainer_state.json")
_MIXIN = b"model_hub_mixin"
_HINT = "model.config.save_pretrained(DIR)"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A missing or unreadable config.json: transformers builds the default model then, without a word."""
    weights = next(
        (name for name in _NAMED_BY_TRANSFORMERS if name in snapshot.contents or name in snapshot.json), None
    )
    if snapshot.file("config.json") is None:
        if weights is not None and "adapter_config.json" not in snapshot.json:
            yield from _missing(snapshot, weights)
        return
    name = snapshot.folder.inside("config.json")
    parsed = snapshot.json.get("config.json")
    if parsed is None or parsed.problem is not None:
        return  # told by the question about JSON files
    if not isinstance(parsed.value, dict):
        what = f"{flaw.quoted(name)} holds no JSON object"
        yield flaw.error("SD742", name, what, f"write it again: {_HINT}")
    elif weights is not None:
        yield from _nameless(snapshot, name, parsed.value, weights)


def _missing(snapshot: Snapshot, weights: str) -> Iterator[Finding]:
    name = snapshot.folder.inside("config.json")
    beside = f"{flaw.quoted(name)} is missing beside {flaw.quoted(weights)}"
    if _is_mixin(snapshot):
        yield flaw.note("SD741", name, f"{beside}: the defaults of the class's constructor are used", _HINT)
    elif any(snapshot.file(base) is not None for base in _OF_A_TRAINING):
        yield flaw.note("SD741", name, f"{beside}: only a model that is built already can load it", _HINT)
    elif not _of_transformers(snapshot, weights):
        yield flaw.note("SD741", name, f"{beside}: what model it is for, is not on disk", _HINT)
    else:
        what = f"{beside}: from_pretrained builds the model of the default config, without a word"
        yield flaw.error("SD741", name, what, f"copy the config.json as well, or write it: {_HINT}")


def _of_transformers(snapshot: Snapshot, weights: str) -> bool:
    """True where transformers wrote the weights: it leaves `format` in the header, and pickles can be its own only."""
    contents = snapshot.contents.get(weights)
    return contents is None or weights.endswith(".bin") or "format" in contents.metadata


def _is_mixin(snapshot: Snapshot) -> bool:
    """True where PyTorchModelHubMixin wrote the folder: its model card says so."""
    card = snapshot.file("README.md")
    if card is None:
        return False
    with card.path.open("rb") as stream:
        return _MIXIN in stream.read(1 << 16)


def _nameless(snapshot: Snapshot, name: str, config: dict[str, object], weights: str) -> Iterator[Finding]:
    who = flaw.quoted(name)
    told = config.get("model_type")
    if told is not None and not isinstance(told, str):
        yield flaw.error("SD743", name, f"`model_type` in {who} is {flaw.quoted(told)}, and no text", _HINT)
    elif told is None and ("architectures" in config or "transformers_version" in config):
        what = f"{who} has no `model_type`: from_pretrained takes it for the config of whatever class loads it"
        yield flaw.warning("SD743", name, what, f"write it again: {_HINT}")
    elif not config and not _is_mixin(snapshot) and _of_transformers(snapshot, weights):
        what = f"{who} is an empty object: from_pretrained builds the model of the default config, without a word"
        yield flaw.error("SD743", name, what, f"write it again: {_HINT}")
