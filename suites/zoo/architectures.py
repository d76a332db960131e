"""Architectures: which class of the installed transformers stands for a model type."""

from importlib import import_module
from typing import Any

from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING, CONFIG_MAPPING_NAMES


def model_types() -> tuple[str, ...]:
    """Every model type that the installed transformers has a config for, sorted."""
    return tuple(sorted(CONFIG_MAPPING_NAMES))


def config_class(model_type: str) -> Any:
    """The class of a type's config."""
    return CONFIG_MAPPING[model_type]


def model_class(model_type: str) -> Any:
    """The base model of a type; where there is none, its main head, or a part's own class."""
    import transformers

    for mapping in _mappings():
        if model_type in mapping:
            names = mapping[model_type]
            return getattr(transformers, names[0] if isinstance(names, tuple | list) else names)
    return _by_config(config_class(model_type))


def _mappings() -> list[dict[str, Any]]:
    names = [name for name in vars(modeling_auto) if name.endswith("_MAPPING_NAMES")]
    names.sort(key=lambda name: name != "MODEL_MAPPING_NAMES")
    return [getattr(modeling_auto, name) for name in names if name not in ("CONFIG_MAPPING_NAMES",)]


def _by_config(config: Any) -> Any:
    from transformers import PreTrainedModel

    module = import_module(config.__module__.replace(".configuration_", ".modeling_"))
    found = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, PreTrainedModel)
        and thing.__module__ == module.__name__
        and getattr(thing, "config_class", None) is config
    ]
    own = [cls for cls in found if "forward" in vars(cls)]
    if own: return own[-1]
    raise LookupError("no class")
