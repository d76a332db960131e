"""Large files in several parts."""

import hashlib
import os

import pytest

from samedevice.harness.hub.routes.lfs import MULTIPART_ABOVE, PART


@pytest.fixture
def batch(served, name):
    repo = served.create(name)

    def ask(*objects, who="alice", transfers=("basic", "multipart"), operation="upload"):
        words = {"operation": operation, "transfers": transfers, "objects": objects}
        return served.ask("POST", f"/{repo}.git/info/lfs/objects/batch", who, json=words)

    return ask


def test_parts_are_put_together(served, batch):
    data = os.urandom(1 << 20) * (MULTIPART_ABOVE >> 20) + b"and more"
    one = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}
    answer = batch(one).json()
    upload = answer["objects"][0]["actions"]["upload"]
    numbers = sorted(int(name) for name in upload["header"] if name.isdigit())
    assert (answer["transfer"], int(upload["header"]["chunk_size"])) == ("multipart", PART)
    assert numbers == list(range(1, -(-len(data) // PART) + 1))
    parts = []
    for number in reversed(numbers):
        part = data[(number - 1) * PART : number * PART]
        etag = served.ask("PUT", upload["header"][str(number)], None, content=part).headers["etag"]
        parts.append({"partNumber": number, "etag": etag})
    short = served.ask("POST", upload["href"], None, json={"oid": one["oid"], "parts": parts[1:]})
    assert short.status_code == 400
    assert served.ask("POST", upload["href"], None, json={"oid": one["oid"], "parts": parts}).status_code == 200
    assert "actions" not in batch(one).json()["objects"][0]


def test_one_piece_where_the_client_knows_no_parts(batch):
    one = {"oid": "0" * 64, "size": MULTIPART_ABOVE + 1}
    answer = batch(one, transfers=["basic"]).json()
    assert answer["transfer"] == "basic"
    assert "header" not in answer["objects"][0]["actions"]["upload"]


def test_a_client_that_offers_xet_is_led_there(batch):
    assert batch({"oid": "0" * 64, "size": 5}, transfers=["basic", "xet"]).json() == {
        "transfer": "xet",
        "objects": [{"oid": "0" * 64, "size": 5}],
    }


@pytest.mark.parametrize("one", [{"oid": "x", "size": 1}, {"oid": "0" * 64, "size": -1}, {"oid": "0" * 64}])
def test_what_is_no_object_is_refused(batch, one):
    assert batch(one).status_code == 400


def test_who_may_not_write_may_not_upload(batch):
    one = {"oid": "0" * 64, "size": 1}
    assert [batch(one, who=who).status_code for who in (None, "alice read")] == [401, 403]
    assert batch(one, operation="download").status_code == 400
