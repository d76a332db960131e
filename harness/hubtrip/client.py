"""A client of a Hub in a process of its own: it is asked one thing after another, and replies in files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from ..errors import NotChecked
from .served import end, first_line, piped
from .surroundings import surrounded

WORKER = f"{__package__}.worker"

# Seconds: importing the libraries and building a large model takes a while on a busy machine.
PATIENCE = 300.0


@dataclass(slots=True, kw_only=True)
class Client:
    """One process, with the environment that it was started in; it ends with the one that started it.

    `asked` counts what it was asked: 0 says that it is fresh. `owed` are repositories that it removes where nobody
    tells it any more; `broken` says how the process ended, if it did; `busy` that it is still at what it was asked.
    """

    process: subprocess.Popen[bytes]
    folder: TemporaryDirectory[str]
    asked: int = 0
    owed: list[str] = field(default_factory=list)
    broken: str | None = None
    busy: bool = False

    def ask(self, step: str, **request: Any) -> dict[str, Any]:
        """The reply to one step. What a library raised there is in it, under `error`.

        Raises `NotChecked` where the process does not come to an end with it.
        """
        if self.broken is not None:
            raise NotChecked(self.broken)
        self.asked += 1
        home = Path(self.folder.name)
        request |= {"step": step, "threads": torch.get_num_threads(), "repositories": tuple(self.owed)}
        request |= {"place": os.getcwd()}  # from which a target's file is found
        torch.save(request, home / f"{self.asked}.request")
        self.busy = True
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(f"{self.asked}\n".encode())
            self.process.stdin.flush()
            told = first_line(self.process.stdout, PATIENCE)
        except BrokenPipeError:
            told = b""
        if not told:
            self.broken = self._unanswered(step) if told is None else self._ended(step)
            raise NotChecked(self.broken)
        self.busy = False
        reply: dict[str, Any] = torch.load(home / f"{self.asked}.reply", weights_only=False)
        for kind in ("request", "reply"):
            (home / f"{self.asked}.{kind}").unlink()
        return reply

    def close(self, patience: float = 60.0) -> None:
        """Let the process tidy up what it has made on the Hub, and end it."""
        end(self.process, patience)
        self.folder.cleanup()

    def _unanswered(self, step: str) -> str:
        self.process.kill()
        return f"a client of the Hub was not done with its {step} after {PATIENCE:g} seconds"

    def _ended(self, step: str) -> str:
        end(self.process)  # its pipe is closed a moment before it is gone
        code = self.process.returncode
        lines = (Path(self.folder.name) / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"a client of the Hub ended in its {step} with {code}: {lines[-1][:300] if lines else 'it said nothing'}"


def start(settings: Mapping[str, str], *, hash_seed: int = 1) -> Client:
    """Start a client; its home, the cold cache, is `HF_HOME` of the settings."""
    folder = TemporaryDirectory(prefix="samedevice-client-")
    environment = surrounded(os.environ, settings) | {
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = [sys.executable, "-W", "ignore", "-m", WORKER, folder.name]
    process = piped(words, environment, Path(folder.name) / "stderr")
    return Client(process=process, folder=folder)
