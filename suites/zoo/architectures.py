"""Architectures: which class of the installed transformers stands for a model type."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from transformers.models.auto import configuration_auto, modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from ...harness.errors import NotChecked


def model_types() -> tuple[str, ...]:
    """Every model type that the installed transformers has a config for, sorted; none that others have registered."""
    return tuple(sorted(vars(configuration_auto)["CONFIG_MAPPING_NAMES"]))


def config_class(model_type: str) -> Any:
    """The class of a type's config."""
    return CONFIG_MAPPING[model_type]


def model_class(model_type: str) -> Any:
    """The base model of a type; where there is none, its main head, or a part's own class.

    Raises `NotChecked` where no class takes the config.
    """
    import transformers

    for mapping in _mappings():
        if model_type in mapping:
            names = mapping[model_type]
            found = getattr(transformers, names[0] if isinstance(names, tuple | list) else names, None)
            if found is not None:
                return found
    return _by_config(model_type)


def _mappings() -> list[dict[str, Any]]:
    names = [name for name in vars(modeling_auto) if name.endswith("_MAPPING_NAMES") and "CONFIG" not in name]
    names.sort(key=lambda name: name != "MODEL_MAPPING_NAMES")
    return [getattr(modeling_auto, name) for name in names]


def _by_config(model_type: str) -> Any:
    """The class beside the config that takes it: the last one, since parts are defined before the whole."""
    from transformers import PreTrainedModel

    config = config_class(model_type)
    try:
        module = import_module(config.__module__.replace(".configuration_", ".modeling_"))
    except ModuleNotFoundError:
        raise NotChecked(f"cannot be built: {model_type} has a config and no modeling file") from None
    own = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, PreTrainedModel)
        and thing.__module__ == module.__name__
        and getattr(thing, "config_class", None) is config
        and "forward" in vars(thing)
    ]
    if not own:
        raise NotChecked(f"cannot be built: {model_type} is the config of a part, which no model class takes")
    return own[-1]
