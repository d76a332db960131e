"""Silence for what transformers draws across whatever the caller shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from transformers.utils import logging


@contextmanager
def progress_bars(*, wanted: bool) -> Iterator[None]:
    """No bars for files that are written or read, unless they are wanted."""
    if wanted:
        yield
        return
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
