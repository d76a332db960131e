"""What goes wrong on order, and what the client then sees."""

import hashlib
import os
import subprocess

import httpx2
import pytest

from samedevice.harness.hub.faults import KILLED, Faults
from samedevice.harness.hub.refusals import Refusal


@pytest.fixture
def repo(served, name):
    yield served.create(name)
    served.ask("DELETE", "/_samedevice/faults")


def test_an_answer_as_often_as_it_was_ordered(served, repo):
    served.fault(answer=503, times=2, method="GET", path=f"/api/models/{repo}$")
    asked = [served.ask("GET", f"/api/models/{repo}").status_code for _ in range(3)]
    assert asked == [503, 503, 200]
    assert served.ask("GET", "/_samedevice/faults").json() == []
    assert [line["status"] for line in served.log(path=f"/api/models/{repo}")] == asked


def test_an_upload_that_is_cut_leaves_nothing(served, repo):
    data = os.urandom(1 << 20)
    oid = hashlib.sha256(data).hexdigest()
    words = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(data)}]}
    batch = f"/{repo}.git/info/lfs/objects/batch"
    href = served.ask("POST", batch, json=words).json()["objects"][0]["actions"]["upload"]["href"]
    served.fault(cut_received=1 << 16, method="PUT", origin="cdn", path=oid)
    with pytest.raises(httpx2.TransportError):
        served.ask("PUT", href, None, content=data)
    (line,) = served.log(origin="cdn", path=f"/upload/{oid}")
    assert (line["is_cut"], line["status"]) == (True, None)
    assert 1 << 16 <= line["received"] < len(data)
    assert "actions" in served.ask("POST", batch, json=words).json()["objects"][0]
    assert served.ask("PUT", href, None, content=data).status_code == 200
    assert "actions" not in served.ask("POST", batch, json=words).json()["objects"][0]


def test_a_download_that_is_cut_is_resumed_by_the_client(served, client, repo):
    data = os.urandom(1 << 20) * 12
    oid = served.large(repo, "large.bin", data)
    served.fault(cut_sent=11 << 20, method="GET", origin="cdn", path=oid)
    text = f"""
import hashlib
done(digest=hashlib.sha256(Path(hf_hub_download({repo!r}, "large.bin")).read_bytes()).hexdigest())
"""
    assert client(text) == {"digest": oid}
    lines = served.log(origin="cdn", path=f"/lfs/{oid}")
    assert [(line["status"], line["is_cut"]) for line in lines] == [(200, True), (206, False)]
    # The client keeps whole blocks of 10 MB.
    assert [line["sent"] for line in lines] == [11 << 20, len(data) - (10 << 20)]


def test_a_server_that_dies_on_order(serving, tmp_path):
    server, other = serving("--store", str(tmp_path / "store"))
    other.create("one")
    other.fault(die=0, path="/api/models")
    with pytest.raises(httpx2.TransportError):
        other.ask("GET", "/api/models/alice/one")
    assert server.wait(10) == KILLED
    _, again = serving("--store", str(tmp_path / "store"))
    assert again.ask("GET", "/api/models/alice/one").json()["id"] == "alice/one"
    fsck = ["git", "-C", tmp_path / "store" / "repositories" / "models" / "alice" / "one.git", "fsck", "--strict"]
    assert subprocess.run(fsck, capture_output=True, check=True).stderr == b""


def test_a_delay_is_waited_for(served, repo):
    served.fault(delay=0.3, path=f"/api/models/{repo}$")
    answer = served.ask("GET", f"/api/models/{repo}")
    assert (answer.status_code, answer.elapsed.total_seconds() > 0.3) == (200, True)


@pytest.mark.parametrize(
    "words",
    [[], {}, {"path": "x"}, {"answer": 503, "die": 0}, {"answr": 503}, {"answer": 503, "path": "("}, {"answer": "x"}],
)
def test_what_is_no_fault_is_refused(words):
    with pytest.raises(Refusal) as refused:
        Faults().order(words)
    assert refused.value.status == 400


def test_the_first_that_fits_is_taken_first():
    faults = Faults()
    faults.order({"answer": 500, "origin": "cdn"})
    faults.order({"answer": 501, "path": "x"})
    faults.order({"answer": 502, "method": "GET"})
    assert [faults.take("hub", "GET", "/x").answer for _ in range(2)] == [501, 502]
    assert faults.take("hub", "GET", "/x") is None
    assert [fault["answer"] for fault in faults.coming()] == [500]
    faults.clear()
    assert faults.coming() == []
