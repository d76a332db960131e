"""Checkpoints of transformers models as targets: a directory or a Hub id."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import registration
from .bars import no_bars
from .errors import UsageError

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def is_hub_id(word: str) -> bool:
    """True where a word has the form of a Hub id, `owner/name`."""
    return _HUB_ID.fullmatch(word) is not None


def factory(checkpoint: str) -> Callable[[], Any]:
    """A function that loads the model of a checkpoint with the class that its config names.

    A type that transformers lacks is one of an installed package (`registration`). Code of the checkpoint's own is
    never run. Raises `UsageError` for a directory without a `config.json`; what transformers raises comes out of the
    returned function.
    """
    directory = Path(checkpoint)
    if directory.is_dir() and not (directory / "config.json").is_file():
        raise UsageError(f"{checkpoint} has no config.json: only directories of transformers models can be loaded")

    def build() -> Any:
        import transformers

        registration.register(transformers.PretrainedConfig.get_config_dict(checkpoint)[0].get("model_type"))
        config = transformers.AutoConfig.from_pretrained(checkpoint)
        with no_bars(but_downloads=True):
            return _class_of(config).from_pretrained(checkpoint)

    return build


def _class_of(config: Any) -> Any:
    """The class that the config names, of transformers or registered with it; else what `AutoModel` makes of it."""
    import transformers

    for name in config.architectures or ():
        if hasattr(transformers, name):
            return getattr(transformers, name)
        for kind in registration.registered(config):
            if kind.__name__ == name:
                return kind
    return transformers.AutoModel
