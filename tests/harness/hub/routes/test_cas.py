"""The content-addressed store: whom it knows, what it refuses."""

import pytest

HASH = "0" * 64


@pytest.fixture
def tokens(served, name):
    repo = served.create(name)

    def token(kind, who="alice"):
        return served.ask("GET", f"/api/models/{repo}/xet-{kind}-token/main", who)

    return token


def ask(served, method, path, token, **words):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return served.ask(method, path, None, origin="cas", headers=headers, **words).status_code


def test_a_token_says_the_same_in_headers_and_in_json(served, tokens):
    answer = tokens("write")
    assert answer.json() == {
        "casUrl": served.line["cas"],
        "accessToken": answer.headers["x-xet-access-token"],
        "exp": int(answer.headers["x-xet-token-expiration"]),
    }
    assert answer.headers["x-xet-cas-url"] == served.line["cas"]


def test_who_may_not_write_gets_no_token_that_does(tokens):
    assert [tokens("write", who).status_code for who in (None, "bob", "alice read")] == [401, 403, 403]
    assert [tokens("read", who).status_code for who in (None, "bob", "alice read")] == [200, 200, 200]


def test_a_token_that_reads_does_not_write(served, tokens):
    read, write = (tokens(kind).json()["accessToken"] for kind in ("read", "write"))
    xorb = b"\0\3\0\0\0\3\0\0abc"
    refused = [ask(served, "POST", f"/v1/xorbs/default/{HASH}", token, content=xorb) for token in (None, "x", read)]
    assert refused == [401, 401, 401]
    assert ask(served, "POST", f"/v1/xorbs/default/{HASH}", write, content=xorb) == 200
    assert ask(served, "POST", "/v1/shards", read, content=b"") == 401
    assert ask(served, "GET", f"/v1/reconstructions/{HASH}", None) == 401
    assert ask(served, "GET", f"/v1/reconstructions/{HASH}", read) == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/xorbs/default/" + HASH, b"junk"), ("/v1/shards", b"junk"), ("/v1/xorbs/default/x", b"\0\1\0\0\0\1\0\0a")],
)
def test_junk_is_refused(served, tokens, path, body):
    assert ask(served, "POST", path, tokens("write").json()["accessToken"], content=body) == 400


def test_what_the_client_can_do_without_is_404_and_the_unknown_501(served, tokens):
    token = tokens("write").json()["accessToken"]
    assert ask(served, "POST", "/v2/shards", token) == 404
    assert ask(served, "GET", f"/v1/chunks/default/{HASH}", token) == 404
    assert ask(served, "GET", "/v3/anything", token) == 501


def test_without_xet_there_is_no_token(serving):
    _, other = serving("--no-xet")
    other.create("one")
    assert other.ask("GET", "/api/models/alice/one/xet-write-token/main").status_code == 404
    words = {"operation": "upload", "transfers": ["basic", "xet"], "objects": [{"oid": HASH, "size": 5}]}
    assert other.ask("POST", "/alice/one.git/info/lfs/objects/batch", json=words).json()["transfer"] == "basic"
