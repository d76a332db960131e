"""The mend for each way of holding a tensor, with the names that the user gave."""

from collections.abc import Callable

from .place import Place
from .reached import How


def hint(how: How, place: Place) -> str:
    """What to type so that the tensor at `place` moves with the model."""
    return _HINTS[how](place)


def _parameter(place: Place) -> str:
    return f"`{place.path}` is registered: look for an `_apply` or `to` that leaves it out, or code that puts it back"


def _gradient(place: Place) -> str:
    return f"move the model before `backward()`, or call `zero_grad()` after the move: `{place.path}` is older than it"


def _hidden_parameter(place: Place) -> str:
    name, module = place.name, _module(place)
    if place.owner != place.module:
        return f"make `{_short(place)}` an `nn.Module` that registers `{name}`: `{module}` does not look inside it"
    if place.container == "dict":
        return f"in `{module}`: `self.{name} = nn.ParameterDict(...)` instead of a dict"
    if place.container:
        return f"in `{module}`: `self.{name} = nn.ParameterList(...)` instead of a {place.container}"
    return f"in `{module}`: `self.{name} = nn.Parameter(...)`, set as an attribute of the module"


def _hidden_module(place: Place) -> str:
    name, module = place.name or place.attribute, _module(place)
    direct = place.owner == place.module
    if direct and place.container == "dict":
        return f"in `{module}`: `self.{name} = nn.ModuleDict(...)` instead of a dict"
    if direct and place.container:
        return f"in `{module}`: `self.{name} = nn.ModuleList(...)` instead of a {place.container}"
    return f"make the module in `{name}` a submodule: `self.{name} = ...` in `{module}`, so that `.to()` reaches it"


def _attribute(place: Place) -> str:
    return f'in `{_module(place)}`: `self.register_buffer("{place.name}", ..., persistent=False)`'


def _container(place: Place) -> str:
    return (
        f"keep the tensors of `{place.name}` as buffers (`self.register_buffer(...)`), "
        f"or override `_apply` in `{_module(place)}` to move that {place.container}"
    )


def _object(place: Place) -> str:
    module, name, attribute = _module(place), place.name, place.attribute or place.name
    if "." in place.owner:  # a library's class, which nobody can give a `.to()`
        return (
            f"register `{name}` as a buffer of `{module}` and build the `{_short(place)}` from it in `forward`: "
            f"`{attribute}` does not move"
        )
    return (
        f"`{place.owner}` is no `nn.Module`: give it a `.to()` that moves `{name}` and call that on `{attribute}` "
        f"from `{module}._apply`, or register `{name}` as a buffer of `{module}`"
    )


def _optimizer(place: Place) -> str:
    return f"build the `{_short(place)}` in `{place.name}` after the model has moved, or move its state along"


def _partial(place: Place) -> str:
    name = place.name or place.attribute
    return f"pass the tensor that `{name}` binds in the call instead, from a buffer: `self.register_buffer(...)`"


def _cache(place: Place) -> str:
    return f"make the device a part of the key of `{place.name}` (`device=x.device`), or clear the cache after a move"


def _hook(place: Place) -> str:
    return f"move `{place.name}` to the device of the hook's output: `.to(output.device)` in hook `{_short(place)}`"


def _closure(place: Place) -> str:
    name = place.name
    return f'pass `{name}` to `{_short(place)}` as an argument, from a buffer: `self.register_buffer("{name}", ...)`'


def _default(place: Place) -> str:
    return f"in `{_short(place)}`: default `{place.name}=None`, and create it inside with `device=` that of the input"


def _class(place: Place) -> str:
    mend = f'`self.register_buffer("{place.name}", ..., persistent=False)`'
    return f"in `{_short(place)}.__init__`: {mend} instead of the class attribute"


def _global(place: Place) -> str:
    return f"use `{place.name}.to(x.device)` in `{_short(place)}`, or keep it as a buffer: `self.register_buffer(...)`"


def _module(place: Place) -> str:
    return place.module.rpartition(".")[2] or _short(place) or "the model"


def _short(place: Place) -> str:
    return place.owner.rpartition(".")[2]


_HINTS: dict[How, Callable[[Place], str]] = {
    How.PARAMETER: _parameter,
    How.BUFFER: _parameter,
    How.GRADIENT: _gradient,
    How.HIDDEN_PARAMETER: _hidden_parameter,
    How.HIDDEN_MODULE: _hidden_module,
    How.ATTRIBUTE: _attribute,
    How.CONTAINER: _container,
    How.OBJECT: _object,
    How.OPTIMIZER: _optimizer,
    How.PARTIAL: _partial,
    How.CACHE: _cache,
    How.HOOK: _hook,
    How.CLOSURE: _closure,
    How.DEFAULT: _default,
    How.CLASS: _class,
    How.GLOBAL: _global,
}
