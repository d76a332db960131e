"""Derive `harness/virtual/rules.json` from the `native_functions.yaml` that ships in the torch wheel.

    python tools/derive_rules.py          # rewrite the table for the installed torch

Every row is *derived* (read from PyTorch's declarations), not recorded on hardware.
"""

import json
from pathlib import Path

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
FREE = {"resize_as_", "linspace.Tensor_Tensor", "linspace.Tensor_Scalar", "linspace.Scalar_Tensor",
        "logspace.Tensor_Tensor", "logspace.Tensor_Scalar", "logspace.Scalar_Tensor"}  # fmt: skip
SCALAR = {"allclose", "soft_margin_loss"}
INDEX = {"index", "index_put", "index_put_", "_index_put_impl_", "_unsafe_index", "_unsafe_index_put"}


# Missing in the declarations, but registered by hand to run on the CPU (MPSFallback.mm), or never asked of MPS.
MPS_ELSEWHERE = {"_linalg_svd", "embedding_renorm_", "_fused_sdp_choice"}


def lacks_mps(entry: dict[str, object], declared: dict[str, dict[str, object]]) -> bool:
    """Whether CPU and CUDA have a kernel for a dense tensor and MPS has none, of its own or composite."""
    name = str(entry["func"]).split("(")[0]
    twin = entry.get("structured_delegate")
    dispatch = (declared[str(twin)] if twin else entry).get("dispatch") or {}
    keys = {key.strip() for listed in dispatch for key in str(listed).split(",")}  # type: ignore[attr-defined]
    if name.split(".")[0] in MPS_ELSEWHERE or any(key.startswith("Composite") for key in keys):
        return False
    return {"CPU", "CUDA"} <= keys and "MPS" not in keys


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


def main() -> None:
    """Write the table."""
    kinds: dict[str, list[str]] = {}
    structured = []
    declared = {str(entry["func"]).split("(")[0]: entry for entry in yaml.safe_load(DECLARATIONS.read_text())}
    for name, entry in declared.items():
        kinds.setdefault(kind_of(entry), []).append(name)
        if entry.get("structured") or entry.get("structured_delegate"):
            structured.append(name)
    table = {
        "torch": torch.__version__.split("+")[0],
        "source": "derived from native_functions.yaml",
        "kinds": {kind: sorted(names) for kind, names in sorted(kinds.items())},
        "structured": sorted(structured),
        "without_mps": sorted(name for name, entry in declared.items() if lacks_mps(entry, declared)),
    }
    TABLE.write_text(json.dumps(table, indent=1) + "\n")


if __name__ == "__main__":
    main()
