import psutil
import pytest

from samedevice.harness.errors import UsageError
from samedevice.harness.isolation import limits, memory_for, size


@pytest.mark.parametrize(
    ("word", "expected"),
    [("8G", 8 * 10**9), ("500M", 5 * 10**8), ("2.5 GB", 2_500_000_000), ("1t", 10**12), ("100", 100), ("3kb", 3000)],
)
def test_sizes(word, expected):
    assert size(word) == expected


@pytest.mark.parametrize("word", ["", "G", "-1G", "0", "8X", "8GiB", "1e9"])
def test_what_is_no_size(word):
    with pytest.raises(UsageError, match="is not a size of memory: give one such as 8G or 500M"):
        size(word)


def test_workers_share_what_there_is(monkeypatch, tmp_path):
    total = psutil.virtual_memory().total
    monkeypatch.setattr(limits, "_CGROUP", tmp_path / "absent")
    assert memory_for(1) == memory_for(0) == int(total * 0.9)
    assert memory_for(4) == int(total * 0.9 / 4)


@pytest.mark.parametrize(("text", "factor"), [("max\n", 1), ("1000000\n", None)])
def test_a_container_has_less(monkeypatch, tmp_path, text, factor):
    (tmp_path / "memory.max").write_text(text)
    monkeypatch.setattr(limits, "_CGROUP", tmp_path / "memory.max")
    assert memory_for(1) == (int(psutil.virtual_memory().total * 0.9) if factor else 900_000)
