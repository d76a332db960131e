import subprocess
import sys
from types import SimpleNamespace

from samedevice.harness.hubtrip.doomed import Doomed


def test_a_server_that_is_going_has_died_and_one_that_lives_has_not():
    wait = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(wait, stdin=subprocess.PIPE) as process:
        doomed = Doomed(served=SimpleNamespace(process=process), client=None)
        assert not doomed.has_died(0)
        assert not doomed.has_died(0.1)
        process.stdin.close()  # it ends in a while
        assert doomed.has_died(60)
        assert doomed.has_died(0)
