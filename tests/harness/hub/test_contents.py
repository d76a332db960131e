import asyncio
import hashlib

import pytest

from samedevice.harness.hub.contents import Contents
from samedevice.harness.hub.refusals import Refusal

DATA = b"some bytes"
OID = hashlib.sha256(DATA).hexdigest()


async def body(*blocks):
    for block in blocks:
        yield block


@pytest.fixture
def contents(tmp_path):
    return Contents(tmp_path)


def left(contents):
    """Every file that is there."""
    return [path for path in contents.folder.rglob("*") if path.is_file()]


def test_a_file_arrives(contents):
    asyncio.run(contents.receive(body(DATA[:3], DATA[3:]), OID, len(DATA)))
    assert contents.size(OID) == len(DATA)
    assert left(contents) == [contents.path(OID)]
    assert contents.path(OID).read_bytes() == DATA


@pytest.mark.parametrize(("oid", "size"), [(OID, len(DATA) + 1), ("0" * 64, len(DATA))])
def test_another_file_than_announced_is_refused(contents, oid, size):
    with pytest.raises(Refusal, match="were announced"):
        asyncio.run(contents.receive(body(DATA), oid, size))
    assert left(contents) == []


def test_a_file_that_breaks_off_leaves_nothing(contents):
    async def broken():
        yield DATA
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(contents.receive(broken(), OID, len(DATA)))
    assert left(contents) == []


def test_parts_make_a_file_in_their_order(contents):
    upload = "a" * 32
    etags = [
        asyncio.run(contents.receive_part(body(part), upload, number))
        for number, part in ((2, b"bytes"), (1, b"some "))
    ]
    assert etags == [hashlib.md5(part).hexdigest() for part in (b"bytes", b"some ")]
    with pytest.raises(Refusal, match="parts 3 of 3 were not uploaded"):
        contents.join(upload, 3, OID, len(DATA))
    with pytest.raises(Refusal, match="were announced"):
        contents.join(upload, 2, "0" * 64, len(DATA))
    contents.join(upload, 2, OID, len(DATA))
    assert left(contents) == [contents.path(OID)]


@pytest.mark.parametrize("name", ["../x", "", OID.upper(), OID + "0"])
def test_what_is_no_digest_is_no_path(contents, name):
    with pytest.raises(Refusal, match="is not a sha256"):
        contents.path(name)
    with pytest.raises(Refusal, match="no such upload"):
        asyncio.run(contents.receive_part(body(DATA), name, 1))


def test_a_file_is_forgotten(contents):
    asyncio.run(contents.receive(body(DATA), OID, len(DATA)))
    contents.remove(OID)
    contents.remove(OID)
    assert (contents.size(OID), left(contents)) == (None, [])
