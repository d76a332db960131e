"""Bars: what transformers and huggingface_hub draw on standard error while they load, save and download."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_bars(*, but_downloads: bool = False) -> Iterator[None]:
    """No bars inside, those of downloads perhaps apart; afterwards as before. Transformers' switch throws both."""
    transformers = sys.modules.get("transformers")
    if transformers is None:
        yield
        return
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    logging = transformers.utils.logging
    bars, downloads = logging.is_progress_bar_enabled(), not are_progress_bars_disabled()
    logging.disable_progress_bar()
    if but_downloads and downloads:
        enable_progress_bars()
    try:
        yield
    finally:
        if bars:
            logging.enable_progress_bar()
        (enable_progress_bars if downloads else disable_progress_bars)()
