"""Agreement: functions that PyTorch puts together in C++ after a look at the devices, where no mode can see it look.

On a CPU build everything is on the CPU underneath, so the look itself is repeated here, in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .labels import CPU
from .moves import device_of
from .refusal import refuse
from .session import Running, Session


def meshgrid(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.meshgrid(*tensors)`: all on one device, 0-dim ones too."""
    tensors = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
    places = [device_of(session, t) for t in tensors if isinstance(t, Tensor)]
    away = next((p for p in places if p is not CPU), CPU)
    stray = next((t for t, p in zip(tensors, places, strict=False) if p is not away), None)
    if stray is not None and away is not None:
        words = "meshgrid expects all tensors to have the same device"
        _refuse(session, words, "torch.meshgrid", stray, away, None)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def tensor_split(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`tensor.tensor_split(indices)`: the indices are read by the host."""
    where = args[1] if len(args) > 1 else kwargs.get("tensor_indices_or_sections", kwargs.get("indices"))
    place = device_of(session, where) if isinstance(where, Tensor) else CPU
    if place is not CPU and place is not None:
        name = "tensor_indices_or_sections"
        words = f"tensor_split expected {name} to be on cpu, but it's on {place}"
        _refuse(session, words, "Tensor.tensor_split", where, CPU, name)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def lstsq(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`torch.linalg.lstsq(..., driver=...)`: CUDA has one driver."""
    place = device_of(session, args[0]) if args and isinstance(args[0], Tensor) else None
    if kwargs.get("driver") not in (None, "gels") and place is not None and place.type == "cuda":
        words = "torch.linalg.lstsq: `driver` other than `gels` is not supported on CUDA"
        refuse(session, RuntimeError, words, code="SD205", op="torch.linalg.lstsq", culprit=None, expected=place)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def matrix_rank(
    session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any
) -> Any:
    """`torch.linalg.matrix_rank(input, atol=..., rtol=...)`: tolerances beside the input, 0-dim ones too."""
    ours = device_of(session, args[0]) if args and isinstance(args[0], Tensor) else None
    for name in ("atol", "rtol"):
        given = kwargs.get(name)
        theirs = device_of(session, given) if isinstance(given, Tensor) else None
        if ours is not None and theirs is not None and theirs is not ours:
            words = (
                f"torch.linalg.matrix_rank: Expected {name} and input tensors to be on the same device, "
                f"but got {name} on {theirs} and input on {ours}"
            )
            _refuse(session, words, "torch.linalg.matrix_rank", given, ours, name)
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def attention(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`scaled_dot_product_attention(query, key, value)`: all three on one kind of device."""
    given = {**dict(zip(("query", "key", "value"), args, strict=False)), **kwargs}
    tensors = [given.get(name) for name in ("query", "key", "value")]
    places = [device_of(session, t) for t in tensors if isinstance(t, Tensor)]
    if len(places) == 3 and None not in places and len({place.type for place in places if place is not None}) > 1:
        away = next(place for place in places if place is not None and place is not CPU)
        index = next(i for i, place in enumerate(places) if place is not away)
        words = (
            "Expected query, key, and value to have the same device type, but got query.device: "
            f"{places[0]} key.device: {places[1]} and value.device: {places[2]} instead."
        )
        stray = tensors[index]
        assert isinstance(stray, Tensor)
        _refuse(session, words, "aten::scaled_dot_product_attention", stray, away, ("query", "key", "value")[index])
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def recurrent(session: Session, running: Running, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """`lstm`, `gru` and `rnn`: hidden state and weights beside the input."""
    ours = device_of(session, args[0])
    for name, values in zip(("hidden", "parameter"), _hidden_and_weights(args), strict=True):
        stray = next((t for t in values if device_of(session, t) not in (ours, None)), None)
        if stray is None or ours is None:
            continue
        theirs = device_of(session, stray)
        words = (
            f"Input and {name} tensors are not at the same device, "
            f"found input tensor at {ours} and {name} tensor at {theirs}"
        )
        culprit, expected = (args[0], theirs) if ours is CPU and theirs is not None else (stray, ours)
        _refuse(session, words, f"torch.{func.__name__}", culprit, expected, None)
        break
    with running.calling(args, kwargs):
        return func(*args, **kwargs)


def _hidden_and_weights(args: tuple[Any, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """From `(input, hx, weights, ...)`, or `(data, batch_sizes, hx, weights, ...)` of a packed sequence."""
    weights = max(i for i, value in enumerate(args) if isinstance(value, (list, tuple)))
    return tensors_of(args[weights - 1]), tensors_of(args[weights])


def tensors_of(value: Any) -> list[Tensor]:
    """A tensor, or the tensors of a list, as a list."""
    return [t for t in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(t, Tensor)]


def one_device(name: str, *, index: bool) -> Callable[..., Any]:
    """A function of two tensors that must agree: with `index` on the device, else on its kind alone."""

    def handler(session: Session, running: Running, func: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        one, other = [t for t in (*args, *kwargs.values()) if isinstance(t, Tensor)][:2]
        ours, theirs = device_of(session, one), device_of(session, other)
        if ours is not None and theirs is not None and ours is not theirs and (index or ours.type != theirs.type):
            kind, wanted, got = ("Device", ours, theirs) if index else ("DeviceType", ours.type, theirs.type)
            words = f"Expected tensor to have {wanted} {kind}, but got tensor with {got} {kind}"
            stray, expected = (one, theirs) if ours is CPU else (other, ours)
            _refuse(session, f"{words} (while checking arguments for {name})", name, stray, expected, None)
        with running.calling(args, kwargs):
            return func(*args, **kwargs)

    return handler


def _refuse(session: Session, words: str, op: str, stray: Tensor, expected: torch.device, argument: str | None) -> None:
    refuse(session, RuntimeError, words, code="SD201", op=op, culprit=stray, expected=expected, argument=argument)


HANDLERS: dict[Any, Callable[..., Any]] = {
    torch.meshgrid: meshgrid,
    torch._C._VariableFunctions.meshgrid: meshgrid,  # type: ignore[attr-defined]
    torch.nn.functional.scaled_dot_product_attention: attention,
    **dict.fromkeys((torch.lstm, torch.gru, torch.rnn_tanh, torch.rnn_relu), recurrent),
    torch.linalg.lstsq: lstsq,
    torch.linalg.matrix_rank: matrix_rank,
    torch.tensor_split: tensor_split,
    Tensor.tensor_split: tensor_split,
    torch.inner: one_device("inner()", index=False),
    Tensor.inner: one_device("inner()", index=False),
    torch.take_along_dim: one_device("torch.take_along_dim():", index=True),
    Tensor.take_along_dim: one_device("torch.take_along_dim():", index=True),
}
