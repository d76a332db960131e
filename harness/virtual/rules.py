"""Which operators may mix devices, and how: one table, looked up once per operator."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch._library.custom_ops import OPDEFS
from torch._ops import OpOverload

from .alerts import alert_of

# c10's names of the types that some kernels do not take.
INTEGERS = {
    torch.bool: "Bool",
    torch.uint8: "Byte",
    torch.int8: "Char",
    torch.int16: "Short",
    torch.int32: "Int",
    torch.int64: "Long",
}
HALVES = {torch.float16: "Half", torch.bfloat16: "BFloat16"}


class Kind(Enum):
    """How an operator treats tensors on several devices.

    EXACT: every tensor on one device. SCALAR: TensorIterator, a CPU 0-dim tensor may join but not be
    written to. INDEX: integer and bool indices on the CPU may index a device tensor, and device indices
    may say where to write into a CPU tensor. FOREACH: SCALAR for the i-th tensors of all lists. CROSS:
    the operator copies between devices. FREE: views and metadata, nothing is checked.
    """

    EXACT = auto()
    SCALAR = auto()
    INDEX = auto()
    FOREACH = auto()
    CROSS = auto()
    FREE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule of one operator overload.

    `names` are the arguments in order, `writes` those it writes to. `host_arguments` need not be on the
    device of the rest, `host_only` must be on the CPU; `host_results` are always on the CPU. `scalars` are
    the only arguments of a SCALAR operator that may be a CPU 0-dim tensor (None: any). Python waits for
    the value where it `syncs`. There is no kernel on the device kinds in `missing`; on CUDA none for
    integers where `floats_only` names the kernel that refuses, none for half precision where
    `without_half` does. `skips_empty` says that nothing is compared where a tensor has no elements.
    On CUDA the operator, or its backward, has no deterministic kernel where `alert` names it.
    `recorded` says that the rule of `operator` was seen to hold on a GPU; else it was only read from
    PyTorch's declarations, or is the strict default. `special` rules have more to say than devices; `plain` ones
    have nothing to say where all tensors are on one device, but for the types that are `refused`, and
    `free` ones never.
    `custom` is the body of a program's own operator, written in Python for every device (`torch.library.custom_op`):
    what it calls is judged. `composite` operators are put together from others, which alone are judged; they are seen
    whole only in inference mode.
    """

    kind: Kind
    method: str
    names: tuple[str, ...]
    writes: frozenset[str] = frozenset()
    host_arguments: frozenset[str] = frozenset()
    host_only: frozenset[str] = frozenset()
    host_results: frozenset[int] = frozenset()
    composite: bool = False
    custom: Callable[..., Any] | None = None
    scalars: frozenset[str] | None = None
    syncs: bool = False
    missing: frozenset[str] = frozenset()
    floats_only: str | None = None
    without_half: str | None = None
    skips_empty: bool = False
    alert: str | None = None
    operator: str = ""
    recorded: bool = False
    special: bool = False
    plain: bool = False
    free: bool = False
    refused: frozenset[torch.dtype] = frozenset()


_LENGTHS = frozenset({"input_lengths", "target_lengths", "targets"})
# Arguments that the kernels take from the host, read from their sources (LossCTC.cu, PackedSequence.cpp).
HOST_ARGUMENTS = {
    "_ctc_loss": _LENGTHS,
    "_ctc_loss_backward": _LENGTHS,
    "_cudnn_ctc_loss": _LENGTHS,
    "_pack_padded_sequence": frozenset({"lengths"}),
    "_pack_padded_sequence_backward": frozenset({"batch_sizes"}),
    "_pad_packed_sequence": frozenset({"batch_sizes"}),
}
# Composed of another operator whose wrapper is the one that complains: its name, and its names for the arguments.
SPOKEN_FOR = {"embedding": ("index_select", {"weight": "self", "indices": "index"})}
# Their results are read by Python, or decide a shape: the host waits for them.
SYNCS = frozenset(
    {
        "_local_scalar_dense",
        "equal",
        "is_nonzero",
        "masked_select",
        "nonzero",
        "repeat_interleave.Tensor",
        "_unique",
        "_unique2",
        "unique_consecutive",
        "unique_dim",
        "unique_dim_consecutive",
    }
)
HOST_ONLY = {"_pack_padded_sequence": frozenset({"lengths"})}
HOST_RESULTS = {"_pack_padded_sequence": frozenset({1})}


@cache
def _rows() -> dict[str, Any]:
    rows: dict[str, Any] = json.loads((Path(__file__).parent / "rules.json").read_text())
    return rows


@cache
def _table() -> dict[str, Kind]:
    return {name: Kind[kind.upper()] for kind, names in _rows()["kinds"].items() for name in names}


@cache
def _listed(list_name: str) -> frozenset[str]:
    return frozenset(_rows()[list_name])


def autocast(policy: str) -> list[str]:
    """The operators, by base name, that CUDA's autocast treats by a policy."""
    names: list[str] = _rows()["autocast"][policy]
    return names


def _method(name: str) -> str:
    """The wrapper's name as torchgen spells it in the error message."""
    base, _, overload = name.partition(".")
    if name in _listed("structured"):
        return f"wrapper_CUDA_{base}{'_' + overload if overload else ''}"
    return f"wrapper_CUDA_{overload}_{base}"


def _has_kernel(op: OpOverload[..., Any], key: str) -> bool:
    return torch._C._dispatch_has_kernel_for_dispatch_key(op.name(), key)  # type: ignore[no-untyped-call]


def _body(name: str) -> Callable[..., Any] | None:
    """The Python of a program's own operator, if it is for every device; PyTorch has some of its own that look so."""
    definition = OPDEFS.get(name)
    if definition is None or definition._init_fn.__module__.startswith("torch."):
        return None
    body: Callable[..., Any] | None = definition._backend_fns.get(None)
    return body


@cache
def rule_for(op: OpOverload[..., Any]) -> Rule:
    """The rule of an operator; an operator that PyTorch does not declare gets the strict default."""
    rule = _declared(op)
    special = bool(rule.syncs or rule.floats_only or rule.without_half or rule.alert)
    away = (
        rule.alert or rule.composite or rule.custom or rule.missing or rule.syncs or rule.host_only or rule.host_results
    )
    refused = INTEGERS if rule.floats_only else HALVES if rule.without_half else ()
    free = rule.kind is Kind.FREE and not away
    return replace(rule, special=special, plain=not away and not free, free=free, refused=frozenset(refused))


def _declared(op: OpOverload[..., Any]) -> Rule:
    namespace, _, name = op.name().partition("::")  # type: ignore[no-untyped-call]
    known = _table().get(name) if namespace == "aten" else None
    if known is None and namespace == "prim":
        known = Kind.FREE
    listed = name if namespace == "aten" else f"{namespace}::{name}"
    schema = op._schema
    base = name.partition(".")[0]
    spoken, renamed = SPOKEN_FOR.get(name, (name, {}))
    return Rule(
        kind=known or Kind.EXACT,
        method=_method(spoken),
        names=tuple(renamed.get(a.name, a.name) for a in schema.arguments),
        writes=frozenset(a.name for a in schema.arguments if a.alias_info is not None and a.alias_info.is_write),
        host_arguments=HOST_ARGUMENTS.get(base) or frozenset(_rows()["free_arguments"].get(name, ())),
        host_only=HOST_ONLY.get(base, frozenset()),
        host_results=HOST_RESULTS.get(base, frozenset()),
        syncs=name in SYNCS or base == "nonzero",
        scalars=frozenset(_rows()["scalars"][name]) if name in _rows()["scalars"] else None,
        missing=frozenset(kind for kind in ("cuda", "mps") if listed in _listed(f"without_{kind}")),
        floats_only=_rows()["floats_only"].get(listed),
        without_half=_rows()["without_half"].get(listed),
        alert=alert_of(name) if namespace == "aten" else None,
        skips_empty=listed in _listed("unchecked_when_empty"),
        # The dispatcher does not know `prim` (`prim::device`, which `torch.export` asks of its own tensors).
        composite=namespace != "prim" and _has_kernel(op, "CompositeImplicitAutograd") and not _has_kernel(op, "CPU"),
        custom=_body(f"{namespace}::{base}"),
        operator=op.name(),  # type: ignore[no-untyped-call]
        recorded=listed in _listed("recorded"),
    )
