"""What holds for every test: one thread, no network, the same examples in every run."""

import os
import socket

# Before torch is imported, and for the processes that tests start.
os.environ.update({"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})

import pytest
import torch
from hypothesis import settings

torch.set_num_threads(1)

# Derandomized: a failure in CI is the failure on your desk. No deadline: the first example pays for torch's start.
settings.register_profile("samedevice", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("samedevice")


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Only this machine can be reached; what xdist and servers of tests need is there."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"):
            return connect(self, address)
        raise OSError(f"a test wants to reach {address}: tests need no network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
