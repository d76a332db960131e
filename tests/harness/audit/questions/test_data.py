"""Values that are no numbers, found in every dtype as torch finds them."""

import pytest
import torch
from safetensors.torch import save_file

from samedevice.harness.audit import surveying
from samedevice.harness.audit.contents import Region, Tensor
from samedevice.harness.audit.dtypes import TORCH
from samedevice.harness.audit.questions.data import _counted

FLOATS = [name for name in TORCH if name.startswith(("float", "bfloat")) and name not in ("float", "float8_e8m0fnu")]


@pytest.mark.parametrize("name", FLOATS)
def test_counts_are_those_of_torch(name, tmp_path):
    dtype = getattr(torch, name)
    if dtype.itemsize <= 2:  # every pattern of bits there is
        bits = torch.arange(2 ** (8 * dtype.itemsize)).to(torch.uint8 if dtype.itemsize == 1 else torch.uint16)
        values = bits.view(dtype)
    else:
        values = torch.tensor([0.0, 1.0, -1.0, float("nan"), -float("nan"), float("inf"), -float("inf")], dtype=dtype)
    path = tmp_path / "values"
    path.write_bytes(values.view(torch.uint8).numpy().tobytes())
    region = Region(start=0, size=path.stat().st_size)
    wide = values.to(torch.float64)
    with path.open("rb") as stream:
        tensor = Tensor(name="a", dtype=TORCH[name], shape=tuple(values.shape), region=region)
        assert _counted(stream, tensor) == (int(wide.isnan().sum()), int(wide.isinf().sum()))


def test_a_nan_in_a_weight_is_an_error_and_names_it(tmp_path, reported):
    weight = torch.ones(1000, 1200)
    weight[999, 1199] = float("nan")
    save_file({"layer.weight": weight, "layer.bias": torch.ones(3)}, tmp_path / "model.safetensors")
    reported(tmp_path, "SD751", "model.safetensors", "`layer.weight` has values that are 1 NaN")


@pytest.mark.parametrize(
    ("key", "value", "severity"),
    [
        ("layer.bias", "inf", "error"),
        ("q_proj.lora_A.weight", "nan", "error"),
        ("bn.running_var", "nan", "error"),
        ("causal_mask", "-inf", "note"),
        ("observer.min_val", "inf", "note"),
        ("memory", "nan", "warning"),
    ],
)
def test_where_a_value_is_meant_decides(tmp_path, found, key, value, severity):
    torch.save({key: torch.tensor([1.0, float(value)])}, tmp_path / "state.pt")
    (told,) = [one for one in found(tmp_path) if one.code == "SD751"]
    assert told.severity == severity
    assert f"`{key}`" in told.message


def test_values_are_not_read_unasked_from_large_files(tmp_path, found, monkeypatch):
    monkeypatch.setattr(surveying, "READ_UNASKED", 10)
    torch.save({"weight": torch.tensor([float("nan")])}, tmp_path / "state.pt")
    assert [(one.code, one.severity) for one in found(tmp_path)] == [("SD756", "note")]
    assert [one.code for one in found(tmp_path, values=True)] == ["SD751"]
    assert "were not read" in found(tmp_path)[0].message


def test_zeros_at_the_end_of_a_file_are_told(tmp_path, reported, problems):
    state = {f"layer.{number}.weight": torch.ones(32, 64) for number in range(4)}
    save_file(state, tmp_path / "model.safetensors")
    assert problems(tmp_path) == []
    state["layer.3.weight"] = torch.zeros(32, 64)
    save_file(state, tmp_path / "model.safetensors")
    assert problems(tmp_path) == []  # one may be meant
    state["layer.2.weight"] = torch.zeros(32, 64)
    save_file(state, tmp_path / "model.safetensors")
    reported(tmp_path, "SD757", "model.safetensors", "16384 bytes", "`layer.2.weight`, `layer.3.weight`")
