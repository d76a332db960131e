import pytest

from samedevice.harness.errors import NotChecked, UsageError
from samedevice.harness.hubtrip import place


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch):
    monkeypatch.delenv(place.VARIABLE, raising=False)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)


def test_the_default_is_our_own():
    assert place.chosen() == "local"


def test_the_real_one_needs_a_token(monkeypatch):
    with pytest.raises(UsageError, match="HF_TOKEN"):
        place.choose("real")
    assert place.chosen() == "local"
    monkeypatch.setenv("HF_TOKEN", "hf_x")
    monkeypatch.setenv(place.VARIABLE, "local")  # to be put back by monkeypatch
    place.choose("real")
    assert place.chosen() == "real"


def test_another_word_is_refused():
    with pytest.raises(UsageError, match="unknown Hub 'moon': want local or real"):
        place.choose("moon")


def test_a_choice_by_environment_is_no_usage_error_in_a_cell(monkeypatch):
    monkeypatch.setenv(place.VARIABLE, "real")
    with pytest.raises(NotChecked, match="HF_TOKEN"):
        place.chosen()


def test_the_real_endpoint_is_the_clients(monkeypatch):
    assert place.real_endpoint() == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9/")
    assert place.real_endpoint() == "http://127.0.0.1:9"
