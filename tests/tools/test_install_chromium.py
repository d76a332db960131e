import os
import shutil
import subprocess
from pathlib import Path
from runpy import run_path

import pytest

TOOL = Path(__file__).parents[2] / "tools/install_chromium.py"


@pytest.fixture
def machine(monkeypatch):
    """A machine with some programs, a user, and an apt-get that ends as told; what came of it, and what was run."""

    def try_on(programs, user=0, codes=(0, 0), said=""):
        ran, left = [], list(codes)

        def run(words, **_):
            ran.append(words[2:])
            code = left.pop(0)
            if code is None:
                raise subprocess.TimeoutExpired(words, 1)
            return subprocess.CompletedProcess(words, code, stdout="", stderr=said)

        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(subprocess, "run", run)
        return run_path(str(TOOL))["install"](), ran

    return try_on


def test_a_browser_that_is_there_is_left_alone(machine):
    assert machine({"google-chrome", "apt-get"}) == ("/usr/bin/google-chrome is there", [])


def test_root_installs_it(machine):
    told, ran = machine({"apt-get"})
    assert told == "chromium was installed"
    assert ran == [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"programs": set()}, "no Chromium, and no apt-get to install it with"),
        ({"programs": {"apt-get"}, "user": 1000}, "only root may install it"),
        ({"programs": {"apt-get"}, "codes": (100,), "said": "x\nE: no network\n"}, "update failed: E: no network"),
        ({"programs": {"apt-get"}, "codes": (0, 100)}, "install failed: it said nothing"),
        ({"programs": {"apt-get"}, "codes": (None,)}, "update took more than 300 seconds"),
    ],
)
def test_where_it_cannot_be_had_the_reason_is_said(machine, words, reason):
    told, _ = machine(**words)
    assert told.startswith("not checked in a browser: ")
    assert reason in told
