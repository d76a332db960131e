import json
import subprocess
import sys
from urllib.request import urlopen

import pytest

from samedevice.harness.errors import NotChecked
from samedevice.harness.hubtrip import served


def test_it_serves_until_it_is_stopped():
    one = served.serve()
    assert one.endpoint.startswith("http://127.0.0.1:")
    assert one.users["alice"]["write"] != one.users["alice"]["read"]
    with urlopen(f"{one.endpoint}/api/models", timeout=10) as answer:
        assert json.load(answer) == []
    assert one.log.stat().st_size
    one.stop()
    assert (one.process.returncode, one.folder.exists()) == (0, False)


def test_the_same_store_is_served_again_on_the_same_port():
    one = served.serve()
    one.process.kill()
    served.end(one.process)
    two = served.serve(("--port", str(one.port)), one.folder)
    assert (two.endpoint, two.users) == (one.endpoint, one.users)
    two.stop()


def test_what_keeps_it_from_starting_is_said():
    with pytest.raises(NotChecked, match=r"the local Hub did not start: .*port"):
        served.serve(("--port", "99999"))


def test_without_the_extra_nothing_is_started(monkeypatch):
    monkeypatch.setattr(served, "find_spec", lambda name: None if name == "dulwich" else object())
    with pytest.raises(NotChecked, match=r"needs dulwich: pip install 'samedevice\[hub\]'"):
        served.serve()


def test_a_process_that_does_not_leave_is_ended():
    text = "import time; print('up', flush=True); time.sleep(60)"
    stubborn = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert served.first_line(stubborn.stdout, 30) == b"up"
    served.end(stubborn, patience=0.01)
    assert stubborn.returncode == -9


def test_a_silent_process_is_not_waited_for():
    silent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert served.first_line(silent.stdout, 0.05) is None
    served.end(silent)
