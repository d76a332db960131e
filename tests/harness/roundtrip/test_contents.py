import json
import zipfile

import torch
from safetensors.torch import save_file

from samedevice.harness.roundtrip.contents import differences, first_difference


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


def test_the_order_of_metadata_is_told_from_the_order_of_fields(tmp_path):
    one, two = pair(tmp_path, "m.safetensors")
    _write(one, {"__metadata__": {"a": "1", "b": "2"}, "t": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}})
    _write(two, {"__metadata__": {"b": "2", "a": "1"}, "t": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}})
    assert first_difference(one, two) == "the order of the keys in `__metadata__` of its header"
    _write(two, {"t": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}, "__metadata__": {"a": "1", "b": "2"}})
    assert first_difference(one, two) == "the order of fields in its header"


def _write(file, header):
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text)


def test_json_that_is_no_object_is_compared_too(tmp_path):
    one, two = pair(tmp_path, "list.json")
    one.write_text("[1, 2]")
    two.write_text("[1, 3]")
    assert first_difference(one, two) == "field `1`"
    two.write_text("4")
    assert first_difference(one, two) == "field `0`"


def test_folders_are_compared_with_all_below(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        (folder / "adapter").mkdir(parents=True)
        (folder / "same").write_bytes(b"x")
    (one / "adapter" / "a.bin").write_bytes(b"a")
    assert differences(one, two) == (2, {"adapter/a.bin": "it is not written again"})
    (two / "adapter" / "a.bin").write_bytes(b"a")
    assert differences(one, two) == (2, {})


def test_the_field_of_a_config_is_named(tmp_path):
    one, two = pair(tmp_path, "config.json")
    one.write_text(json.dumps({"a": 1, "b": 2}))
    two.write_text(json.dumps({"a": 1, "b": 3}))
    assert first_difference(one, two) == "field `b`"
    two.write_text(json.dumps({"b": 2, "a": 1}))
    assert "the order of fields" in first_difference(one, two)
