import subprocess
import sys
from tempfile import TemporaryDirectory

import pytest

from samedevice.harness.errors import NotChecked
from samedevice.harness.hubtrip import client


def talking(text):
    """A client whose process does what the text says, instead of a client's work."""
    process = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    one = client.Client(process=process, folder=TemporaryDirectory(prefix="samedevice-test-"))
    with open(f"{one.folder.name}/stderr", "w") as errors:
        errors.write("what it was at\nwhat it died of\n")
    return one


def test_a_process_whose_pipe_is_closed_before_it_is_gone_has_ended():
    one = talking("import os, time; os.close(1); time.sleep(0.3); os._exit(3)")
    with pytest.raises(NotChecked, match=r"^a client of the Hub ended in its push with 3: what it died of$"):
        one.ask("push")
    with pytest.raises(NotChecked, match=r"ended in its push with 3"):
        one.ask("pull")
    one.close()


def test_a_process_that_hears_nothing_any_more_has_ended():
    one = talking("import os; os.close(0); os._exit(4)")
    one.process.wait()
    with pytest.raises(NotChecked, match=r"ended in its push with 4: what it died of"):
        one.ask("push")
    one.close()


def test_a_process_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(client, "PATIENCE", 0.05)
    one = talking("input(); input()")
    with pytest.raises(NotChecked, match=r"^a client of the Hub was not done with its push after 0.05 seconds$"):
        one.ask("push")
    assert one.process.wait() == -9
    one.close()
