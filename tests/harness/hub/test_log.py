import asyncio
import json

import pytest

from samedevice.harness.hub.log import Log, Logged

START = "http.response.start"
BODY = "http.response.body"
SCOPE = {"type": "http", "raw_path": b"/a", "query_string": b"b=c"}


def answer(*bodies, length=None, status=200):
    """The messages of an answer, whose last body is its end."""
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    last = len(bodies) - 1
    return [
        {"type": START, "status": status, "headers": headers},
        *({"type": BODY, "body": body, "more_body": number < last} for number, body in enumerate(bodies)),
    ]


def passed(tmp_path, messages, method="GET", error=None):
    """What went out, each with the number of lines in the log as it went, and the lines in the end."""
    log = Log(tmp_path / "log.jsonl")
    out = []

    def lines():
        return [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]

    async def application(scope, receive, send):
        await receive()
        for message in messages:
            await send(message)
        if error is not None:
            raise error

    async def receive():
        return {"type": "http.request", "body": b"12345"}

    async def send(message):
        out.append((message, len(lines())))

    try:
        asyncio.run(Logged(application, log, "hub")({**SCOPE, "method": method}, receive, send))
    finally:
        log.close()
    return out, lines()


@pytest.mark.parametrize(
    ("method", "messages", "written"),
    [
        ("GET", answer(b"abc", length=3), [1, 1]),
        ("GET", answer(b"", length=0, status=501), [1, 1]),
        ("HEAD", answer(b"", length=3), [1, 1]),
        ("GET", answer(b"ab", b"c", b"", length=3), [0, 0, 1, 1]),
        ("GET", answer(b"ab", b"c", b""), [0, 0, 0, 1]),
    ],
    ids=["whole", "refusal", "head", "streamed", "chunked"],
)
def test_whoever_has_the_answer_finds_its_line(tmp_path, method, messages, written):
    out, (line,) = passed(tmp_path, messages, method)
    assert [message["type"] for message, _ in out] == [message["type"] for message in messages]
    assert [message.get("body") for message, _ in out] == [message.get("body") for message in messages]
    assert [count for _, count in out] == written
    sent = 0 if method == "HEAD" else sum(len(message.get("body", b"")) for message in messages)
    assert (line["method"], line["received"], line["sent"], line["is_cut"]) == (method, 5, sent, False)
    assert dict(out[0][0]["headers"])[b"x-request-id"].decode() == line["id"]


def test_what_is_cut_is_written_once_and_said(tmp_path):
    messages = answer(b"ab", b"c", b"", length=9)[:3]
    with pytest.raises(ConnectionError):
        passed(tmp_path, messages, error=ConnectionError())
    (line,) = map(json.loads, (tmp_path / "log.jsonl").read_text().splitlines())
    assert (line["status"], line["sent"], line["is_cut"]) == (200, 3, True)
