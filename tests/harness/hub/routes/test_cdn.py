"""The CDN: a signed address and no token."""

import hashlib

import pytest


@pytest.fixture
def place(served, name):
    repo = served.create(name)
    served.large(repo, "x.bin", name.encode())
    return served.ask("HEAD", f"/{repo}/resolve/main/x.bin").headers["location"]


def test_a_token_is_refused_even_with_a_good_address(served, place):
    before = len(served.log(origin="cdn", status=400))
    assert served.ask("GET", place, None).status_code == 200
    answer = served.ask("GET", place, "alice")
    assert answer.status_code == 400
    assert "a token was sent to the CDN" in answer.json()["error"]
    assert len(served.log(origin="cdn", status=400)) == before + 1


def test_an_address_that_is_not_signed_is_refused(served, place):
    for address in (place.partition("?")[0], place[:-1] + ("0" if place[-1] != "0" else "1")):
        assert served.ask("GET", address, None).status_code == 403


def test_an_upload_must_be_what_was_announced(served, name):
    repo = served.create(name + "-up")
    data = name.encode()
    objects = [{"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}]
    words = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": objects}
    (found,) = served.ask("POST", f"/{repo}.git/info/lfs/objects/batch", json=words).json()["objects"]
    href = found["actions"]["upload"]["href"]
    for other in (data[:-1], data + b"x", b"x" * len(data)):
        assert served.ask("PUT", href, None, content=other).status_code == 400
    verify = found["actions"]["verify"]["href"]
    assert served.ask("POST", verify, json=objects[0]).status_code == 404
    assert served.ask("PUT", href, None, content=data).status_code == 200
    assert served.ask("POST", verify, json=objects[0]).status_code == 200


def test_nothing_else_is_there(served):
    for path in ("/", "/lfs", "/api/whoami-v2", "/lfs/../accounts.json"):
        assert served.ask("GET", path, None, origin="cdn").status_code in (403, 501)
