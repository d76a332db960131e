"""Headers against the safetensors library's own parser: what it refuses is told, what it takes is not."""

import json
import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError, safe_open

from samedevice.harness.audit import folder, safetensors_file


def split(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def write(path, header, data):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def is_refused(path):
    """True where the library does not open the file."""
    try:
        with safe_open(path, "np"):
            return False
    except SafetensorError:
        return True


def codes(path):
    return [one.code for one in safetensors_file.read(folder.alone(path).files[0]).findings]


def test_a_header_is_read_as_the_library_reads_it(safe):
    contents = safetensors_file.read(folder.alone(safe).files[0])
    with safe_open(safe, "pt") as opened:
        theirs = {name: tuple(opened.get_slice(name).get_shape()) for name in opened.keys()}  # noqa: SIM118
    assert {tensor.name: tensor.shape for tensor in contents.tensors} == theirs
    assert {tensor.dtype for tensor in contents.tensors} == {"F32", "BF16"}
    assert (contents.findings, contents.sound) == ((), True)


CHANGES = {
    "dtype unknown": ("SD715", lambda head: head["first.bias"].update(dtype="F33")),
    "dtype no text": ("SD715", lambda head: head["first.bias"].update(dtype=["F32"])),
    "dtype too wide": ("SD714", lambda head: head["first.bias"].update(dtype="F64")),
    "shape too long": ("SD714", lambda head: head["first.bias"].update(shape=[5])),
    "shape negative": ("SD714", lambda head: head["first.bias"].update(shape=[-4])),
    "shape absurd": ("SD714", lambda head: head["first.bias"].update(shape=[2**40, 2**40])),
    "shape no list": ("SD714", lambda head: head["first.bias"].update(shape="4")),
    "shape of fractions": ("SD714", lambda head: head["first.bias"].update(shape=[4.0])),
    "offsets reversed": ("SD713", lambda head: head["first.bias"]["data_offsets"].reverse()),
    "offsets shifted": ("SD713", lambda head: head["first.bias"].update(data_offsets=[4, 20])),
    "offsets of three": ("SD713", lambda head: head["first.bias"]["data_offsets"].append(3)),
    "field missing": ("SD710", lambda head: head["first.bias"].pop("dtype")),
    "field more": ("SD710", lambda head: head["first.bias"].update(stride=[1])),
    "metadata of numbers": ("SD717", lambda head: head.update(__metadata__={"step": 3})),
    "metadata no object": ("SD717", lambda head: head.update(__metadata__="pt")),
}


@pytest.mark.parametrize(("code", "change"), CHANGES.values(), ids=CHANGES)
def test_each_lie_in_a_header_has_its_code_and_names_the_tensor(safe, reported, code, change):
    header, data = split(safe)
    change(header)
    write(safe, header, data)
    assert code in codes(safe)
    reported(safe, code, "weights.safetensors", "__metadata__" if code == "SD717" else "first.bias")


# The library takes a field that it does not know, and a file that goes on where another tensor ends.
@pytest.mark.parametrize("name", sorted(CHANGES.keys() - {"field more"}))
def test_the_library_refuses_those_too(safe, name):
    header, data = split(safe)
    CHANGES[name][1](header)
    assert is_refused(write(safe, header, data))


@pytest.mark.parametrize(
    ("header", "code", "words"),
    [
        (b"", "SD710", "does not start with"),
        (b"[]", "SD710", "does not start with"),
        (b"{]", "SD710", "is not JSON"),
        (b' {"a": 1}', "SD710", "does not start with"),
        (b'{"a": "\xff"}', "SD710", "is not UTF-8 text (byte 7)"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "SD710", "nested too deeply"),
        (b'{"__metadata__": {"\\ud800": "pt"}}', "SD710", "half a character"),
        (b'{"a": ' + b"9" * 5000 + b"}", "SD710", "not JSON that Python reads"),
    ],
    ids=["empty", "list", "broken", "blank", "latin", "deep", "half", "digits"],
)
def test_a_header_that_is_no_object(safe, reported, header, code, words):
    reported(write(safe, header, b""), code, words)
    assert is_refused(safe)


def test_a_key_that_stands_twice(safe, reported):
    entry = b'"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}'
    write(safe, b"{" + entry + b"," + entry + b"}", b"\0")
    reported(safe, "SD716", "says twice: `a`")


def test_bytes_after_the_last_tensor(safe, reported):
    safe.write_bytes(safe.read_bytes() + b"\0\0\0")
    reported(safe, "SD712", "weights.safetensors", "3 bytes after its last tensor")
    assert is_refused(safe)


def test_a_hole_and_an_overlap_are_told_apart(safe, reported):
    entries = {name: {"dtype": "U8", "shape": [4], "data_offsets": [at, at + 4]} for name, at in (("a", 0), ("b", 6))}
    reported(write(safe, entries, b"\0" * 10), "SD713", "`b` leaves a hole of 2 bytes after `a`")
    entries["b"]["data_offsets"] = [2, 6]
    reported(write(safe, entries, b"\0" * 6), "SD713", "`b` starts inside of `a`")


@pytest.mark.parametrize(
    ("head", "kind"), [(b"PK\x03\x04", "zip archive"), (b"\x80\x02}q\x00.", "pickle"), (b"<!DOCTYPE html>", "HTML")]
)
def test_another_format_under_this_name_is_recognised(safe, reported, head, kind):
    safe.write_bytes(head + b"\xff" * 20)
    reported(safe, "SD710", kind)


@pytest.mark.parametrize("blanks", [0, 1, 7, 64])
def test_blanks_after_a_header_are_legal(safe, problems, blanks):
    header, data = split(safe)
    write(safe, json.dumps(header).encode() + b" " * blanks, data)
    assert not is_refused(safe)
    assert problems(safe) == []


def test_an_empty_file_of_safetensors_is_legal(safe, problems):
    write(safe, b"{}", b"")
    assert not is_refused(safe)
    assert problems(safe) == []


def test_truncation_at_every_byte_is_told(safe, problems):
    for length in reversed(range(safe.stat().st_size)):
        os.truncate(safe, length)
        told = problems(safe)
        assert [code for code, _ in told] == (["SD711"] if length else ["SD701"]), (length, told)
        assert "weights.safetensors" in told[0][1]


@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_library_refuses_after_a_flip_is_told(safe, at, bit):
    whole = bytearray(safe.read_bytes())
    length = 8 + int.from_bytes(whole[:8], "little")
    flipped = bytearray(whole)
    flipped[at % length] ^= 1 << bit
    try:
        safe.write_bytes(flipped)
        if is_refused(safe):
            assert codes(safe)
    finally:
        safe.write_bytes(whole)
