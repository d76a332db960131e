"""Derive `harness/virtual/rules.json` from the `native_functions.yaml` that ships in the torch wheel.

    python tools/derive_rules.py          # rewrite the table for the installed torch

The rows are read from PyTorch's declarations and corrected by `recorded_rules.py`, which hardware taught.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import recorded_rules
import torch
import torchgen
import yaml

DECLARATIONS = Path(torchgen.__file__).parent / "packaged/ATen/native/native_functions.yaml"
TABLE = Path(__file__).parent.parent / "harness/virtual/rules.json"

# What the declarations cannot tell: kernels whose body copies between devices, by base name.
CROSS = {"copy_", "copy", "_to_copy", "_copy_from", "_copy_from_and_resize", "diagonal_scatter", "select_scatter",
         "slice_scatter", "as_strided_scatter", "lift", "lift_fresh", "lift_fresh_copy",
         "copy_sparse_to_sparse_"}  # fmt: skip
# Kernels that only ask a tensor for its shape or value, and those put together from operators of TensorIterator.
FREE = {"_has_same_storage_numel", "_make_dual", "is_same_size", "resize_as_",
        "linspace.Tensor_Tensor", "linspace.Tensor_Scalar", "linspace.Scalar_Tensor",
        "logspace.Tensor_Tensor", "logspace.Tensor_Scalar", "logspace.Scalar_Tensor"}  # fmt: skip
SCALAR = {"allclose", "ldexp.Tensor", "soft_margin_loss"}
INDEX = {"index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index", "_unsafe_index_put",
         "_unsafe_masked_index", "_unsafe_masked_index_put_accumulate"}  # fmt: skip


AUTOCAST = {
    "lower": "AT_FORALL_LOWER_PRECISION_FP",
    "float32": "AT_FORALL_FP32",
    "float32_dtype": "AT_FORALL_FP32_SET_OPT_DTYPE",
    "widest": "AT_FORALL_PROMOTE",
}
# Missing in the declarations, but registered by hand to run on the CPU (MPSFallback.mm), or never asked of MPS.
MPS_ELSEWHERE = {"_linalg_svd", "embedding_renorm_", "_fused_sdp_choice"}


def keys_of(entry: dict[str, object], declared: dict[str, dict[str, object]]) -> set[str]:
    """The backends that an operator declares kernels for, its own or its structured twin's."""
    twin = entry.get("structured_delegate")
    dispatch = (declared[str(twin)] if twin else entry).get("dispatch") or {}
    return {key.strip() for listed in dispatch for key in str(listed).split(",")}  # type: ignore[attr-defined]


def is_missing(name: str, keys: set[str], kind: str) -> bool:
    """Whether the CPU has a kernel for a tensor and the device kind (`MPS`, `CUDA`) none, of its own or composite."""
    base = name.split(".")[0]
    if any(key.startswith("Composite") for key in keys):
        return False
    if kind == "MPS":
        return base not in MPS_ELSEWHERE and {"CPU", "CUDA"} <= keys and "MPS" not in keys
    if base in recorded_rules.CHOSEN_ON_THE_CPU or base.startswith(("_test", "_foobar")):
        return False
    return any(cpu in keys and cpu.replace("CPU", kind) not in keys for cpu in ("CPU", "SparseCsrCPU"))


def kind_of(entry: dict[str, object]) -> str:
    """The device rule of one declaration: free, cross, index, foreach, scalar or exact."""
    schema = str(entry["func"])
    name = schema.split("(")[0]
    base = name.split(".")[0]
    if base in CROSS:
        return "cross"
    if base in INDEX:
        return "index"
    if name in FREE:
        return "free"
    if name in SCALAR:
        return "scalar"
    if base.startswith("_foreach"):
        return "foreach"
    returns = schema.split("->")[1]
    if "(a)" in returns or "(a -> *)" in schema:  # a view: an alias that is not written to
        return "free"
    if entry.get("device_check") == "NoCheck":
        return "scalar"  # checked by TensorIterator, which lets a CPU 0-dim tensor join
    return "exact"  # the generated check compares every defined tensor


def autocast_lists() -> dict[str, list[str]]:
    """CUDA's autocast: what it casts to half, to float32, with `dtype=float32`, and to the widest. By base name."""
    header = (Path(torch.__file__).parent / "include/ATen/autocast_mode.h").read_text()
    found = {}
    for policy, macro in AUTOCAST.items():
        body = re.search(rf"#define {macro}\(_\)((?:.*\\\n)*.*\n)", header)
        assert body is not None, macro
        found[policy] = sorted({name.partition(",")[0].strip() for name in re.findall(r"_\(([^)]+)\)", body[1])})
    return found


def by_base(listed: dict[str, object], names: Iterable[str]) -> dict[str, object]:
    """What is listed by base name, by the full name of each overload, in-place and out variant."""
    return {name: listed[base] for name in sorted(names) if (base := name.split(".")[0].removesuffix("_")) in listed}


def main() -> None:
    """Write the table."""
    kinds: dict[str, list[str]] = {}
    structured = []
    declared = {str(entry["func"]).split("(")[0]: entry for entry in yaml.safe_load(DECLARATIONS.read_text())}
    for name, entry in declared.items():
        kinds.setdefault(kind_of(entry), []).append(name)
        if entry.get("structured") or entry.get("structured_delegate"):
            structured.append(name)
    missing = {
        kind: sorted(name for name, entry in declared.items() if is_missing(name, keys_of(entry, declared), kind))
        for kind in ("CUDA", "MPS")
    }
    table = {
        "torch": torch.__version__.split("+")[0],
        "source": "native_functions.yaml, corrected by recordings",
        "kinds": {kind: sorted(names) for kind, names in sorted(kinds.items())},
        "structured": sorted(structured),
        "without_cuda": [*missing["CUDA"], *recorded_rules.WITHOUT_CUDA],
        "without_mps": missing["MPS"],
        "autocast": autocast_lists(),
        "scalars": by_base(recorded_rules.SCALARS, declared),
        "free_arguments": by_base(recorded_rules.FREE_ARGUMENTS, declared),
        "floats_only": by_base(recorded_rules.FLOATS_ONLY, declared),
        "without_half": by_base(recorded_rules.WITHOUT_HALF, declared),
        "unchecked_when_empty": sorted(n for n in declared if n.split(".")[0] in recorded_rules.UNCHECKED_WHEN_EMPTY),
    }
    table["recorded"] = json.loads(TABLE.read_text()).get("recorded", [])  # `confirm_rules.py` writes it
    TABLE.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
