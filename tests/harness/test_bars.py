import pytest
from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
from transformers.utils import logging

from samedevice.harness.bars import no_bars


def shown():
    return logging.is_progress_bar_enabled(), not are_progress_bars_disabled()


def switch(bars, downloads):
    (logging.enable_progress_bar if bars else logging.disable_progress_bar)()
    (enable_progress_bars if downloads else disable_progress_bars)()


@pytest.fixture(params=[(True, True), (True, False), (False, True), (False, False)])
def before(request):
    kept = shown()
    switch(*request.param)
    yield request.param
    switch(*kept)


@pytest.mark.parametrize("but_downloads", [False, True])
def test_bars_are_gone_inside_and_as_before_afterwards(before, but_downloads):
    with no_bars(but_downloads=but_downloads):
        assert shown() == (False, but_downloads and before[1])
    assert shown() == before


def test_they_come_back_after_an_exception(before):
    with pytest.raises(ZeroDivisionError), no_bars():
        raise ZeroDivisionError
    assert shown() == before
