"""Configuration of the math reasoner."""

from dataclasses import field
from typing import Any, ClassVar

from huggingface_hub.dataclasses import strict
from transformers import AutoConfig, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from .backbones import BACKBONES
from .encodings import ENCODINGS


@strict
class MathReasonerConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]
    """A stock backbone, and the one position encoding that stands in for its own.

    `position_encoding` is a name in `encodings.ENCODINGS`, `encoding_options` the keyword arguments of that class.
    `backbone` is `gpt2` or `gpt_neox`; `text_config` is that backbone's own configuration, as object or
    dict, and its defaults if left out. Raises `ValueError` for an unknown name, or if the two disagree.
    """

    model_type = "math_reasoner"
    sub_configs_defaults: ClassVar[dict[str, Any]] = {
        "text_config": SubConfigSpec(config_class=AutoConfig, model_type="gpt2")
    }

    backbone: str = "gpt2"
    position_encoding: str = "rope"
    encoding_options: dict[str, Any] = field(default_factory=dict)
    text_config: dict[str, Any] | PreTrainedConfig | None = None
    # Tying belongs to the backbone; this copy is for callers that ask the outer configuration.
    tie_word_embeddings: bool = True

    def __post_init__(self, **kwargs: Any) -> None:
        """Resolve the nested configuration."""
        _require("position_encoding", self.position_encoding, ENCODINGS)
        _require("backbone", self.backbone, BACKBONES)
        if not isinstance(self.text_config, PreTrainedConfig):
            self.text_config = {"model_type": self.backbone, **(self.text_config or {})}
        super().__post_init__(**kwargs)  # type: ignore[no-untyped-call]
        inner = self.inner
        if inner.model_type != self.backbone:
            raise ValueError(
                f"text_config is of model type {inner.model_type!r} and backbone is {self.backbone!r}: name one"
            )
        self.tie_word_embeddings = inner.tie_word_embeddings
        self.encoding_options = dict(self.encoding_options)
        if self.position_encoding == "math_adaptive":
            self.encoding_options.setdefault("vocab_size", inner.vocab_size)

    @property
    def inner(self) -> Any:
        """The backbone's configuration; of whichever class that backbone has."""
        return self.text_config

    @property
    def hidden_size(self) -> int:
        """Width of the hidden states."""
        return int(self.inner.hidden_size)

    @property
    def num_attention_heads(self) -> int:
        """Attention heads in each layer."""
        return int(self.inner.num_attention_heads)

    @property
    def num_hidden_layers(self) -> int:
        """Layers of the backbone."""
        return int(self.inner.num_hidden_layers)

    @property
    def vocab_size(self) -> int:
        """Token ids that the embedding knows."""
        return int(self.inner.vocab_size)


def _require(field_name: str, value: str, known: dict[str, Any]) -> None:
    if value not in known:
        raise ValueError(f"{field_name} {value!r} is unknown: choose one of {', '.join(sorted(known))}")
