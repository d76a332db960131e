import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.hub.sending import span


@given(st.integers(0, 20), st.integers(0, 25), st.integers(0, 25))
def test_a_range_is_the_slice_that_it_names(size, start, last):
    data = bytes(range(size))
    if start >= min(last + 1, size):
        with pytest.raises(ValueError, match=r"^$"):
            span(f"bytes={start}-{last}", size)
    else:
        begin, end = span(f"bytes={start}-{last}", size)
        assert data[begin:end] == data[start : last + 1]


def test_the_open_ends():
    assert span("bytes=3-", 10) == (3, 10)
    assert span("bytes=-3", 10) == (7, 10)
    assert span("bytes=-30", 10) == (0, 10)
    assert [span(word, 10) for word in (None, "", "bytes=-", "chars=1-2", "bytes=1-2,4-5")] == [None] * 5
