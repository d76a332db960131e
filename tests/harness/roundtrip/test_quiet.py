import logging

import pytest
from transformers.utils import logging as hf_logging

from samedevice.harness.roundtrip.quiet import quiet


def test_bars_and_levels_are_off_inside_and_as_before_afterwards():
    logger = logging.getLogger("transformers")
    before = logger.level, hf_logging.is_progress_bar_enabled()
    with quiet():
        assert logger.level == logging.ERROR
        assert not hf_logging.is_progress_bar_enabled()
    assert (logger.level, hf_logging.is_progress_bar_enabled()) == before


def test_bars_stay_off_where_they_were_off():
    hf_logging.disable_progress_bar()
    try:
        with pytest.raises(KeyError), quiet():
            raise KeyError
        assert not hf_logging.is_progress_bar_enabled()
    finally:
        hf_logging.enable_progress_bar()
