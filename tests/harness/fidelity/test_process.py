import os
import signal

import pytest
import torch

from samedevice.harness.fidelity.process import Ended, Worker


@pytest.fixture
def worker():
    made = Worker("virtual:cuda:1")
    yield made
    made.close()


def test_a_worker_answers(worker):
    (about,) = worker.ask({"about": True})
    assert about == {"end": True, "torch": torch.__version__, "model": "virtual", "cuda": torch.version.cuda}
    (named,) = worker.ask({"patterns": ["programs/host/i*"]})
    assert named["names"] == ["programs/host/indexes_numpy", "programs/host/item", "programs/host/iterated"]
    begin, row, end = worker.ask({"subject": "programs/host/device_of", "wanted": None, "done": []})
    assert row["row"]["results"] == ["device cuda:1"]
    assert row["row"] | begin["begin"] == row["row"]
    assert end == {"end": True}
    key = ":0:cd:data number"
    _, row, _ = worker.ask({"subject": "programs/scalars/add", "wanted": [key], "done": []})
    assert row["row"]["raised"][0] == "RuntimeError"
    assert list(worker.ask({"subject": "programs/scalars/add", "wanted": [key], "done": [key]})) == [{"end": True}]
    (omitted,) = worker.ask({"subject": "programs/no/such", "wanted": None, "done": []})
    assert omitted["omitted"] == "LookupError: there is no no/such here"


def test_a_death_is_noticed(worker):
    list(worker.ask({"about": True}))
    os.kill(worker._process.pid, signal.SIGKILL)
    with pytest.raises(Ended, match="the process ended with signal 9"):
        list(worker.ask({"about": True}))


def test_silence_is_noticed():
    silent = Worker("virtual:cuda", patience=0.01)  # less than importing torch takes
    with pytest.raises(Ended, match=r"no answer within 0\.01 seconds"):
        list(silent.ask({"about": True}))
    silent.close()
