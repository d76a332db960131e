import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.hub.refusals import Refusal
from samedevice.harness.hub.xorb import chunks, plain, ungrouped


def grouped(data):
    """By position in a word of four bytes."""
    return b"".join(data[position::4] for position in range(4))


def packed(data, scheme):
    stored = {0: data, 1: lz4.frame.compress(data), 2: lz4.frame.compress(grouped(data))}.get(scheme, data)
    return b"\0" + len(stored).to_bytes(3, "little") + bytes([scheme]) + len(data).to_bytes(3, "little") + stored


@given(st.binary(max_size=70))
def test_grouping_is_undone(data):
    assert ungrouped(grouped(data)) == data


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=300), st.sampled_from([0, 1, 2])), min_size=1, max_size=6))
def test_every_chunk_comes_back(pieces):
    xorb = b"".join(packed(data, scheme) for data, scheme in pieces)
    for footer in (b"", b"XETBLOB and more"):
        found = chunks(xorb + footer)
        assert list(plain(xorb + footer, found)) == [data for data, _ in pieces]
        assert (found[0].start, found[-1].end) == (0, len(xorb))


@pytest.mark.parametrize(
    ("xorb", "why"),
    [
        (b"", "without chunks"),
        (b"XETBLOB", "without chunks"),
        (packed(b"abc", 0)[:-1], "cut off"),
        (packed(b"abc", 0)[:5], "cut off"),
        (packed(b"abc", 0) + b"\0\0\0", "cut off"),
    ],
)
def test_what_is_no_xorb_is_refused(xorb, why):
    with pytest.raises(Refusal, match=why):
        chunks(xorb)


@pytest.mark.parametrize(
    ("xorb", "why"),
    [
        (packed(b"abc", 7), "scheme 7"),
        (packed(b"abc", 0).replace(b"\3\0\0abc", b"\4\0\0abc"), "3 bytes where its header says 4"),
        (b"\0\3\0\0\1\3\0\0abc", "does not decompress"),
    ],
)
def test_a_chunk_that_is_not_what_it_says_is_refused(xorb, why):
    with pytest.raises(Refusal, match=why):
        list(plain(xorb, chunks(xorb)))
