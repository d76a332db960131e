"""The current device of a session: the index that `torch.cuda.set_device` and its like read and write."""

from __future__ import annotations

import torch

from ..session import Session


class CurrentDevice:
    """Reads and writes one session's current index, with PyTorch's names for each use."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self) -> int:
        """The current index."""
        return self._session.current

    def set(self, index: int) -> None:
        """Make a device current. Raises PyTorch's error for one that does not exist."""
        self._session.resolve(torch.device(self._session.kind, index))
        self._session.current = index

    def exchange(self, index: int) -> int:
        """Make a device current and return the one that was; a negative index does nothing and returns -1."""
        if index < 0:
            return -1
        before = self._session.current
        self.set(index)
        return before

    def maybe_exchange(self, index: int) -> int:
        """The same as `exchange`, under the name that PyTorch uses to go back; the compiler wants two functions."""
        return self.exchange(index)

    def count(self) -> int:
        """How many devices there are."""
        return self._session.count
