import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.hub.pointer import Pointer, pointer_of

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"


def test_the_text_of_the_specification():
    # The example of Git LFS's own specification.
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n".encode()
    assert pointer_of(text) == Pointer(sha256=OID, size=12345)
    assert Pointer(sha256=OID, size=12345).text() == text


@given(st.integers(0, 1 << 60))
def test_it_comes_back(size):
    assert pointer_of(Pointer(sha256=OID, size=size).text()) == Pointer(sha256=OID, size=size)


@pytest.mark.parametrize(
    "change", [(b"v1", b"v2"), (b"sha256", b"sha1"), (b"size ", b"size -"), (b"\n", b"\r\n"), (b"4d", b"4D")]
)
def test_anything_else_is_a_file(change):
    assert pointer_of(Pointer(sha256=OID, size=1).text().replace(*change)) is None
    assert pointer_of(Pointer(sha256=OID, size=1).text() + b"x") is None
