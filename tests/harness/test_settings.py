import os

import pytest
import torch

from samedevice.harness.settings import restored


def switches():
    return (
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.is_grad_enabled(),
        torch.get_num_threads(),
        torch.get_deterministic_debug_mode(),
        torch.is_anomaly_enabled(),
        os.getcwd(),
    )


CHANGES = {
    "dtype": lambda: torch.set_default_dtype(torch.float64),
    "device": lambda: torch.set_default_device("meta"),
    "grad": lambda: torch.set_grad_enabled(False),
    "threads": lambda: torch.set_num_threads(2),
    "deterministic": lambda: torch.use_deterministic_algorithms(True),
    "anomaly": lambda: torch.autograd.set_detect_anomaly(True),
    "folder": lambda: os.chdir("/"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("ending", [None, ValueError])
def test_what_a_cell_changes_is_put_back(name, ending):
    before = switches()
    try:
        with restored():
            CHANGES[name]()
            assert switches() != before
            if ending is not None:
                raise ending
    except ValueError:
        assert ending is ValueError
    assert switches() == before
    assert torch.ones(1).device.type == "cpu"


def test_a_folder_that_is_gone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    with restored():
        os.chdir("inner")
        (tmp_path / "inner").rmdir()
    assert os.getcwd() == str(tmp_path)
