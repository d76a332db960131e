import pytest

from samedevice.harness.hubtrip.surroundings import MISLEADING, settings, surrounded


@pytest.mark.parametrize("name", [*MISLEADING, "HF_TOKEN"])
def test_what_leads_elsewhere_is_left_out(name, tmp_path):
    given = settings("http://127.0.0.1:1", None, tmp_path)
    assert surrounded({name: "x", "PATH": "y"}, given) == {"PATH": "y", **given}


def test_what_is_given_wins(tmp_path):
    given = settings("http://127.0.0.1:1", "hf_t", tmp_path, xet=False)
    made = surrounded({"HF_TOKEN": "old", "HF_ENDPOINT": "old", "NO_PROXY": "old"}, given)
    assert (made["HF_TOKEN"], made["HF_ENDPOINT"], made["HF_HUB_DISABLE_XET"]) == ("hf_t", "http://127.0.0.1:1", "1")
    assert made["NO_PROXY"] == "127.0.0.1,localhost"


def test_the_proxy_of_the_real_hub_is_left_alone(tmp_path):
    given = settings("https://huggingface.co", "hf_t", tmp_path)
    assert surrounded({"NO_PROXY": "inside"}, given)["NO_PROXY"] == "inside"
    assert "HF_HUB_DISABLE_XET" not in given
