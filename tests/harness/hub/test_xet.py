"""Files of xorbs: what a client would put together from our answers, against the bytes themselves."""

import hashlib
import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.hub.contents import Contents
from samedevice.harness.hub.refusals import Refusal
from samedevice.harness.hub.xet import Xet, reconstruction
from samedevice.harness.hub.xet_hash import hash_text

FILE = b"\5" * 32


def raw(number):
    return bytes([number]) * 32


def xorb(pieces):
    return b"".join(
        b"\0" + len(data).to_bytes(3, "little") + b"\0" + len(data).to_bytes(3, "little") + data for data in pieces
    )


def shard(segments, sha256=None, *, is_verified=False):
    """One file: segments of (xorb's number, bytes, first chunk, the one after the last)."""
    flags = (1 << 31 if is_verified else 0) | (1 << 30 if sha256 else 0)
    records = [b"HFRepoMetaData".ljust(48, b"\0"), FILE + struct.pack("<IIQ", flags, len(segments), 0)]
    records += [raw(number) + struct.pack("<IIII", 0, size, start, end) for number, size, start, end in segments]
    records += [bytes(48) for _ in segments if is_verified]
    if sha256:
        words = struct.unpack(">4Q", bytes.fromhex(sha256))
        records.append(struct.pack("<4Q", *words).ljust(48, b"\0"))
    return b"".join([*records, b"\xff" * 32 + bytes(16), b"what follows"])


@pytest.fixture
def xet(tmp_path):
    return Xet(tmp_path / "xet", Contents(tmp_path / "contents"))


LAYOUT = st.lists(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), min_size=1, max_size=4)


@given(LAYOUT, st.data())
def test_any_range_can_be_put_together(layout, data):
    with tempfile.TemporaryDirectory() as folder:
        xet = Xet(Path(folder) / "xet", Contents(Path(folder) / "contents"))
        segments, whole = [], b""
        for number, pieces in enumerate(layout):
            xet.add_xorb(hash_text(raw(number)), xorb(pieces))
            start = data.draw(st.integers(0, len(pieces) - 1))
            end = data.draw(st.integers(start + 1, len(pieces)))
            part = b"".join(pieces[start:end])
            segments.append((number, len(part), start, end))
            whole += part
        digest = hashlib.sha256(whole).hexdigest()
        xet.add_shard(shard(segments, digest, is_verified=data.draw(st.booleans())))
        assert xet.file_of(digest) == hash_text(FILE)
        begin = data.draw(st.integers(0, len(whole) - 1))
        finish = data.draw(st.integers(begin + 1, len(whole)))
        answer = reconstruction(xet, hash_text(FILE), (begin, finish), lambda name: name)
        assert put_together(xet, answer)[: finish - begin] == whole[begin:finish]
        first = answer["terms"][0]
        assert answer["offset_into_first_range"] < first["unpacked_length"]


def put_together(xet, answer):
    """As a client does it: the ranges of the terms, out of the ranges of bytes that it is told to fetch."""
    made = b""
    for term in answer["terms"]:
        (place,) = [one for one in answer["fetch_info"][term["hash"]] if one["range"] == term["range"]]
        data = xet.xorb(place["url"]).read_bytes()[place["url_range"]["start"] : place["url_range"]["end"] + 1]
        pieces, at = [], 0
        while at < len(data):
            size = int.from_bytes(data[at + 1 : at + 4], "little")
            pieces.append(data[at + 8 : at + 8 + size])
            at += 8 + size
        assert len(pieces) == term["range"]["end"] - term["range"]["start"]
        assert len(b"".join(pieces)) == term["unpacked_length"]
        made += b"".join(pieces)
    return made[answer["offset_into_first_range"] :]


@pytest.mark.parametrize(
    ("segments", "digest", "why"),
    [
        ([(0, 5, 0, 2)], "0" * 64, "arrived where"),
        ([(1, 5, 0, 2)], None, "was not uploaded"),
        ([(0, 4, 0, 2)], None, "has no chunks 0 to 2 of 4 bytes"),
        ([(0, 5, 0, 3)], None, "has no chunks 0 to 3"),
    ],
)
def test_a_shard_that_does_not_hold_is_refused_and_forgotten(xet, segments, digest, why):
    xet.add_xorb(hash_text(raw(0)), xorb([b"ab", b"cde"]))
    with pytest.raises(Refusal, match=why):
        xet.add_shard(shard(segments, digest))
    with pytest.raises(Refusal, match="no file of xet hash"):
        xet.segments(hash_text(FILE))


@pytest.mark.parametrize("data", [b"", b"junk" * 20, shard([(0, 5, 0, 2)])[:100]])
def test_what_is_no_shard_is_refused(xet, data):
    with pytest.raises(Refusal, match="shard"):
        xet.add_shard(data)


def test_a_hash_that_is_a_path_is_none(xet):
    for name in ("../../accounts.json", "a" * 63, "A" * 64):
        with pytest.raises(Refusal, match="is not a hash"):
            xet.xorb(name)


def test_a_file_that_is_forgotten_leaves_its_xorbs(xet):
    sha256 = hashlib.sha256(b"abc").hexdigest()
    xet.add_xorb(hash_text(raw(0)), xorb([b"abc"]))
    xet.add_shard(shard([(0, 3, 0, 1)], sha256))
    xet.forget(sha256)
    xet.forget(sha256)
    assert xet.file_of(sha256) is None
    with pytest.raises(Refusal, match="no file of xet hash"):
        xet.segments(hash_text(FILE))
    xet.add_shard(shard([(0, 3, 0, 1)], sha256))
    assert xet.file_of(sha256) == hash_text(FILE)
