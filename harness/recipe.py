"""Recipes: targets made of the things users have, an instance or factory and a value or callable to feed."""

import inspect
from collections.abc import Callable
from copy import deepcopy
from enum import Enum
from typing import Any, Final
from weakref import ReferenceType, ref

from .errors import NotChecked, UsageError
from .target import Target


class Given(Enum):
    """Says `NOTHING` where nobody has said what to feed: None is a value that may be fed."""

    NOTHING = "nothing"


NOTHING: Final = Given.NOTHING


def recipe(name: str, make: Callable[[], Any], give: Callable[[], Any] | None = None) -> Target:
    """A target that makes its models with `make` and feeds what `give` returns.

    Without `give`, or where it returns `NOTHING`, the inputs are made for the model that was built
    last, once: what was found for it is made again for every other. `errors.NotChecked` says where
    that cannot be done.
    """
    last: ReferenceType[Any] | None = None
    made: Callable[[], Any] | NotChecked | None = None

    def build() -> Any:
        nonlocal last
        model = make()
        last = ref(model)
        return model

    def inputs() -> Any:
        nonlocal made
        fed = NOTHING if give is None else give()
        if fed is not NOTHING:
            return fed
        if made is None:
            made = found()
        if isinstance(made, NotChecked):
            raise NotChecked(str(made))
        return made()

    def found() -> Callable[[], Any] | NotChecked:
        from .example_inputs import feeding  # late: torch, without which the command line knows its words

        model = None if last is None else last()
        try:
            return feeding(build() if model is None else model, make)
        except NotChecked as reason:
            return reason

    return Target(name=name, build=build, inputs=inputs)


def model_from(thing: Any, name: str, *, is_new: bool = False) -> Any:
    """The `torch.nn.Module` that a factory or class makes; a copy of an instance, unless it `is_new`.

    Raises `UsageError` where `thing` is none of them or makes something else.
    """
    from torch import nn

    if isinstance(thing, nn.Module):
        return thing if is_new else deepcopy(thing)
    if not callable(thing):
        raise UsageError(f"{name} is {_a(thing)}: want a factory, an nn.Module class or an instance")
    _refuse_arguments(thing, name)
    model = thing()
    if not isinstance(model, nn.Module):
        raise UsageError(f"{name} returns {_a(model)}: want a torch.nn.Module")
    return model


def inputs_from(thing: Any, name: str) -> Any:
    """What a callable returns, or a copy of a value. Raises `UsageError` where the callable wants arguments."""
    if not callable(thing):
        return deepcopy(thing)
    _refuse_arguments(thing, name)
    return thing()


def _refuse_arguments(thing: Callable[..., Any], name: str) -> None:
    try:
        inspect.signature(thing).bind()
    except ValueError:
        return  # a callable written in C without a signature: the call itself will tell
    except TypeError as error:
        raise UsageError(f"{name} wants arguments ({error}): name a function that takes none") from None


def _a(thing: Any) -> str:
    noun = type(thing).__name__
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"
