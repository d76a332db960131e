"""Checkpoints of torch.distributed.checkpoint, whole and not."""

import os
import pickle
import warnings

import pytest
import torch
import torch.distributed.checkpoint as dcp
from torch import nn


@pytest.fixture
def folder(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dcp.save({"model": nn.Linear(3, 2).state_dict(), "step": 4}, checkpoint_id=tmp_path / "dcp", no_dist=True)
    return tmp_path / "dcp"


def test_a_data_file_that_is_missing_or_cut_off(folder, reported):
    data = folder / "__0_0.distcp"
    os.truncate(data, data.stat().st_size - 1)
    reported(folder, "SD711", "__0_0.distcp", "cut off")
    data.unlink()
    reported(folder, "SD752", "__0_0.distcp", "is missing", "model.")


def test_metadata_that_is_missing_empty_or_cut_off(folder, reported):
    metadata = folder / ".metadata"
    whole = metadata.read_bytes()
    metadata.write_bytes(whole[:-9])
    reported(folder, "SD737", ".metadata", "ends early")
    metadata.write_bytes(b"")
    reported(folder, "SD701", ".metadata")
    metadata.unlink()
    reported(folder, "SD752", ".metadata", "__0_0.distcp")


def test_metadata_that_runs_code(folder, reported, tmp_path):
    class Runs:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path}/marker",)

    (folder / ".metadata").write_bytes(pickle.dumps({"storage_data": Runs()}))
    reported(folder, "SD735", ".metadata", "os.system")
    assert not (tmp_path / "marker").exists()


def test_a_path_that_leaves(folder, reported):
    metadata = folder / ".metadata"
    metadata.write_bytes(metadata.read_bytes().replace(b"__0_0.distcp", b"../../x.dist"))
    reported(folder, "SD705", ".metadata", "../../x.dist")


def test_a_file_of_another_save(folder, reported):
    torch.save({}, folder / "__3_0.distcp")
    reported(folder, "SD752", "__3_0.distcp")
