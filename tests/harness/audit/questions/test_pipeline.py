"""Pipelines of diffusers and sentence-transformers, by the files that name their parts."""

import json

import pytest
import torch
from safetensors.torch import save_file

INDEX = {"_class_name": "Pipe", "unet": ["diffusers", "UNet"], "safety_checker": [None, None], "force": True}


@pytest.fixture
def pipe(tmp_path):
    (tmp_path / "model_index.json").write_text(json.dumps(INDEX))
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "config.json").write_text(json.dumps({"_class_name": "UNet"}))
    save_file({"conv.weight": torch.ones(2, 2)}, tmp_path / "unet" / "diffusion_pytorch_model.safetensors")
    return tmp_path


def test_a_whole_pipeline_is_clean(pipe, problems):
    modules = [{"idx": 0, "path": "", "type": "a.Transformer"}, {"idx": 1, "path": "unet", "type": "a.Pooling"}]
    (pipe / "modules.json").write_text(json.dumps(modules))
    assert problems(pipe) == []


def test_a_part_that_is_missing(pipe, reported):
    (pipe / "model_index.json").write_text(json.dumps({**INDEX, "vae": ["diffusers", "AutoencoderKL"]}))
    reported(pipe, "SD758", "model_index.json", "`vae`")
    (pipe / "modules.json").write_text(json.dumps([{"path": "1_Pooling", "type": "a.Pooling"}, 3, {"path": 4}]))
    reported(pipe, "SD758", "modules.json", "`1_Pooling`")


def test_a_part_that_leaves(pipe, reported):
    (pipe / "modules.json").write_text(json.dumps([{"path": "../other", "type": "a.Pooling"}]))
    reported(pipe, "SD705", "modules.json", "../other")
