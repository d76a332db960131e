"""Doomed: a second local Hub, made to die while it is asked, and to come back with what it had."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from urllib.request import Request, urlopen

from . import served
from .client import Client
from .served import Served

_FAULTS = "/_samedevice/faults"


@dataclass(slots=True, kw_only=True, eq=False)
class Doomed:
    """A Hub that can be killed, and the one client that knows it."""

    served: Served
    client: Client

    def fall(self, path: str) -> None:
        """Order the server to die at the next request with a path like this, before it does anything about it."""
        words = json.dumps({"method": "POST", "path": path, "die": 0}).encode()
        token = self.served.users["alice"]["write"]
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with urlopen(Request(self.served.endpoint + _FAULTS, words, headers), timeout=10) as answer:
            answer.read()

    def has_died(self, patience: float) -> bool:
        """True if it dies within so many seconds: its process ends a moment after its last connection."""
        try:
            self.served.process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def revive(self) -> None:
        """Serve the same store on the same port."""
        served.end(self.served.process)
        port, folder = str(self.served.port), self.served.folder
        self.served = served.serve(("--port", port), folder)

    def close(self) -> None:
        """End both."""
        self.client.close()
        self.served.stop()
