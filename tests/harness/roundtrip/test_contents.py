import json
import zipfile

import torch
from safetensors.torch import save_file

from samedevice.harness.roundtrip.contents import first_difference


def pair(tmp_path, name):
    (tmp_path / "one").mkdir(exist_ok=True)
    (tmp_path / "two").mkdir(exist_ok=True)
    return tmp_path / "one" / name, tmp_path / "two" / name


def test_equal_files_and_missing_files(tmp_path):
    one, two = pair(tmp_path, "a.bin")
    one.write_bytes(b"abc")
    assert first_difference(one, two) == "it is not written again"
    two.write_bytes(b"abc")
    assert first_difference(one, two) is None
    two.write_bytes(b"abcd")
    assert first_difference(one, two) == "byte 3"


def test_the_tensor_of_a_safetensors_file_is_named(tmp_path):
    one, two = pair(tmp_path, "m.safetensors")
    save_file({"a": torch.zeros(2), "b": torch.zeros(2)}, one)
    save_file({"a": torch.zeros(2), "b": torch.ones(2)}, two)
    assert first_difference(one, two) == "the data of `b`"
    save_file({"a": torch.zeros(2), "b": torch.zeros(3)}, two)
    assert first_difference(one, two) == "field `b`"


def test_the_member_of_an_archive_is_named(tmp_path):
    one, two = pair(tmp_path, "m.pt")
    torch.save({"a": torch.zeros(2)}, one)
    torch.save({"a": torch.ones(2)}, two)
    assert first_difference(one, two) == "its member m/data/0"
    other = two.with_name("other.pt")
    torch.save({"a": torch.zeros(2)}, other)
    assert zipfile.is_zipfile(other)
    assert first_difference(one, other).startswith("its members are called other/")


def test_the_field_of_a_config_is_named(tmp_path):
    one, two = pair(tmp_path, "config.json")
    one.write_text(json.dumps({"a": 1, "b": 2}))
    two.write_text(json.dumps({"a": 1, "b": 3}))
    assert first_difference(one, two) == "field `b`"
    two.write_text(json.dumps({"b": 2, "a": 1}))
    assert "the order of fields" in first_difference(one, two)
