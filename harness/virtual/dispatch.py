"""The dispatch mode: checks every ATen operator's tensors against the device rules and labels its results.

This is the hot path: every operator of the program comes through `run`, which allocates nothing where all
tensors are at home.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch._C import _len_torch_function_stack
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode, is_traceable_wrapper_subclass_type

from . import labels, substitutes, views
from .alerting import Called, check_alert
from .birth import compute, made, unborn, witness
from .kernels import check_kernel, check_type
from .labels import ATTRIBUTE, CPU, UNBORN, Label
from .moves import check_dtype
from .operands import operands, tensors_in
from .rules import Kind, Rule, rule_for
from .session import FACTORY, Running, Session, current
from .settling import check_generator, settle
from .transfers import note
from .verdict import expected_device

_STRIDED = torch.strided
_COMPOSED = torch._C.DispatchKey.CompositeImplicitAutograd


class DeviceDispatch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """One thread's watch over the operators. Entered below `DeviceFunctions`, with which it shares `running`."""

    supports_higher_order_operators = True

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # True would wrap every call in `torch._dynamo.disable`: seconds of import and microseconds per operator.
        return False

    def __init__(self, running: Running) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.running = running

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run one operator.

        In a backward pass the function mode is on here, which would answer our own questions with labels.
        """
        session = current()
        if session is None:
            return func(*args, **kwargs or {})
        if types and any(map(is_traceable_wrapper_subclass_type, types)):
            if _len_torch_function_stack() == 0:
                return NotImplemented  # the wrapper takes itself apart, and its parts come by here
            # It asks the wrapper for its device on the way, which must not be taken for the program's wish.
            with torch.overrides._pop_mode_temporarily(), self:
                return func(*args, **kwargs or {})
        if _len_torch_function_stack() == 0:
            rule = session.rules.get(id(func))
            if rule is not None and not kwargs:
                if rule.free:
                    return _view(session, func._op, args, {})
                label = _shared(session, rule, args) if rule.plain else None
                if label is not None:
                    return _at_home(rule, func, args, label)
            return run(session, self.running, func, args, kwargs or {})
        with torch._C.DisableTorchFunction():
            return run(session, self.running, func, args, kwargs or {})


def _shared(session: Session, rule: Rule, args: tuple[Any, ...]) -> Label | None:
    """The one label that all tensors among some arguments have, where it says that they are at home; else None.

    Most operators of most programs are so, and need nothing else.
    """
    if session.witness:
        return None
    label = None
    for value in args:
        if isinstance(value, Tensor):
            try:
                found = value.untyped_storage()._samedevice_label  # type: ignore[attr-defined]
            except (NotImplementedError, RuntimeError):
                return None
            if found is not label:
                if label is not None or found is None or not found.home:
                    return None
                label = found
                if value.dtype in rule.refused:
                    return None
        elif isinstance(value, (list, tuple)) and any(isinstance(item, Tensor) for item in value):
            return None
    return label


def _at_home(rule: Rule, func: Any, args: tuple[Any, ...], label: Label) -> Any:
    try:
        out = func._op(*args)
    except NotImplementedError as refusal:
        out = substitutes.instead(func, rule, label.device, args, {}, refusal)
    if type(out) is Tensor:
        _give(out, label)
    else:
        for _, tensor in tensors_in(out):
            _give(tensor, label)
    return out


def run(session: Session, running: Running, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Check one operator's tensors, run it, label its results."""
    rule = session.rules.get(id(func))  # by id, since `OpOverload.__hash__` is Python
    if rule is None:
        if not isinstance(func, OpOverload):
            return func(*args, **kwargs)
        rule = session.rules[id(func)] = rule_for(func)
    if rule.composite and not _own_kernel(args):
        with DeviceDispatch(running):
            return func._op_dk(_COMPOSED, *args, **kwargs)  # in C++: Python's decompositions round differently
    if rule.custom is not None:
        return _custom(running, rule.custom, args, kwargs)
    if rule.kind is Kind.FREE:
        return _view(session, func, args, kwargs)
    if kwargs and (wanted := kwargs.get("device")) is not None and wanted.type != "cpu" and session.owns(wanted.type):
        return _send(session, func, args, kwargs)
    if rule.missing:
        check_kernel(session, rule, func.name(), args, kwargs)
    device, mixed = _common(args)
    if kwargs and not mixed:
        more, mixed = _common(tuple(kwargs.values()))
        mixed = mixed or (device is not None and more is not None and more is not device)
        device = device if device is not None else more
    if mixed or device is UNBORN or rule.host_only:
        device = settle(session, running, rule, func, args, kwargs)
    if kwargs and device is not None:
        _attend(session, func, device, kwargs)
    if rule.special and device is not None and device is not CPU:
        _remark(session, rule, func, device, args, kwargs)
    try:
        out = func(*args, **kwargs)
    except NotImplementedError as refusal:
        out = substitutes.instead(func, rule, device, args, kwargs, refusal)
    if mixed and rule.kind is Kind.FOREACH and isinstance(out, (list, tuple)):
        return _label_each(session, rule, out, args)
    if device is not None and device is not UNBORN and not session.needs_origin(device):
        _label(rule, out, session.plain(device), session)
    else:
        _certify(session, running, rule, out, device, args, kwargs)
    return out


def _custom(running: Running, body: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run the body of a program's own operator where it sees the devices and is seen."""
    outer, running.call = running.call, 0
    try:
        with DeviceDispatch(running), running.seen():
            return body(*args, **kwargs)
    finally:
        running.call = outer


def _view(session: Session, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run what makes a view, or only answers: nothing is checked, and the label is that of the storage.

    A sparse or nested tensor has no views: the transposed one has storages of its own, on the same device.
    """
    out = func(*args, **kwargs) if kwargs else func(*args)
    if session.epoch == 0:
        views.note(out, args[0] if args else None)
    if isinstance(out, Tensor) and out.layout is not _STRIDED and isinstance(args[0], Tensor):
        label = labels.get(args[0])
        if label is not None:
            _give(out, label)
    return out


def _own_kernel(args: tuple[Any, ...]) -> bool:
    """Whether the first tensor is of a layout that has kernels of its own for composite operators."""
    first = next((t for value in args for _, t in tensors_in(value)), None)
    return first is not None and (first.is_nested or first.layout is not torch.strided)


def _send(session: Session, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A virtual device that was named below the function mode, by a C++ function that had it as an argument."""
    target = session.resolve(kwargs["device"])
    out = func(*args, **{**kwargs, "device": CPU})
    for _, tensor in tensors_in(out):
        labels.put(tensor, made(session, target, named=True))
    return out


def _remark(
    session: Session, rule: Rule, func: Any, device: torch.device, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Refuse a type or order that the kernel lacks; note that Python waits: for a scalar's bytes, else an int64."""
    if rule.alert:
        called = Called(operator=func.name().removeprefix("aten::"), alert=rule.alert, args=args, kwargs=kwargs)
        check_alert(session, called, device)
    if rule.floats_only or rule.without_half:
        check_type(session, rule, func.name(), device, args)
    if rule.syncs:
        tensor = next(t for value in args for _, t in tensors_in(value))
        nbytes = tensor.element_size() if tensor.numel() == 1 else 8
        note(session, nbytes, labels.get(tensor), (device, CPU), op=func.name(), sync=True)


def _attend(session: Session, func: Any, device: torch.device, kwargs: dict[str, Any]) -> None:
    """The keyword arguments that a device may refuse: a foreign generator, a type that it lacks."""
    if kwargs.get("generator") is not None:
        check_generator(session, func, kwargs["generator"], device)
    if kwargs.get("dtype") is not None:
        check_dtype(session, device, kwargs["dtype"], None)


def _certify(
    session: Session,
    running: Running,
    rule: Rule,
    out: Any,
    device: torch.device | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    """Label results that need a birth certificate. A factory has no device: its caller labels it, or it is unborn."""
    if device is None or device is UNBORN:
        if running.call != FACTORY:
            _label(rule, out, unborn(session, running), session)
        return
    if rule.operator == "aten::lift_fresh":  # `torch.Tensor([1.0])` and the like
        witness(session, args[0])
    label = compute(session, rule, device, args, kwargs)
    if not rule.writes:
        _label(rule, out, label, session)


def _label(rule: Rule, out: Any, label: Label, session: Session) -> None:
    """Label the results whose storage has no label yet; views and in-place results keep theirs."""
    if type(out) is Tensor:
        _give(out, label)
        return
    for i, tensor in tensors_in(out):
        _give(tensor, session.plain(CPU) if i in rule.host_results else label)


def _label_each(session: Session, rule: Rule, out: Any, args: tuple[Any, ...]) -> Any:
    """Label the results of one call over lists that are spread over devices: each where its operands are."""
    for i, result in enumerate(out):
        own = tuple(value[i] if isinstance(value, (list, tuple)) and i < len(value) else value for value in args)
        place = expected_device([o for o in operands(rule, own, {}) if o.device is not UNBORN], session.home)
        _give(result, compute(session, rule, place, own, {}))
    return out


def _common(values: tuple[Any, ...]) -> tuple[torch.device | None, bool]:
    """The device of the tensors among some arguments, and whether they differ. The hot path: no allocation."""
    device: torch.device | None = None
    for value in values:
        found: torch.device | None
        if isinstance(value, Tensor):
            found = _device(value)
        elif isinstance(value, (list, tuple)):
            found, mixed = _common(tuple(value))
            if mixed:
                return found, True
            if found is None:
                continue
        else:
            continue
        if device is None:
            device = found
        elif found is not device:
            return device, True
    return device, False


def _device(tensor: Tensor) -> torch.device:
    try:
        label = getattr(tensor.untyped_storage(), ATTRIBUTE)
    except (NotImplementedError, RuntimeError):
        label = labels.get(tensor)
    return CPU if label is None else label.device


def _give(tensor: Tensor, label: Label) -> None:
    try:
        storage = tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        for storage in labels.storages(tensor):
            if getattr(storage, ATTRIBUTE) is None:
                labels.mark(storage, label)
        return
    if getattr(storage, ATTRIBUTE) is None:
        labels.mark(storage, label)
