"""How the checkpoints beside this file were made, once: `python tests/models/checkpoints/make.py`.

They stand for files that users have, so they are never made anew: the code must go on reading these.
"""

import json
import shutil
from pathlib import Path

import torch

from samedevice.models import tiny_memxlnet

HERE = Path(__file__).parent
TINY = {"hidden_dim": 8, "n_layer": 1, "n_head": 2, "d_inner": 8, "vocab_size": 16, "memory_slots": 2}
# What the seeds' configurations held beside the sizes of the backbone.
SIZES = ("n_layer", "n_head", "d_inner", "vocab_size", "dropout", "hidden_dim", "memory_slots")
GMM = ("memory_type", "num_memory_experts", "routing_temperature", "routing_mode", "version")
IDS = [[1, 2, 3, 4, 5]]


def models():
    torch.manual_seed(11)
    yield "standard_one_file", tiny_memxlnet.standard(**TINY)
    yield "write_one_file", tiny_memxlnet.mixture(2, "write-based", **TINY)
    yield "read_one_file", tiny_memxlnet.mixture(2, "read-based", **TINY)
    yield "read_parts", tiny_memxlnet.mixture(2, "read-based", **TINY)
    yield "read_safetensors", tiny_memxlnet.mixture(2, "read-based", **TINY)


def old_name(key):
    return f"base_model.{key.removeprefix('transformer.')}" if key.startswith("transformer.") else key


def write(name, model):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.eval().save_pretrained(folder)
    (folder / "README.md").unlink()
    state = {old_name(key): value.clone() for key, value in model.state_dict().items()}
    if not name.endswith("safetensors"):
        (folder / "model.safetensors").unlink()
        fields = SIZES if name.startswith("standard") else SIZES + GMM
        config = {"model_type": model.config.model_type, **{field: getattr(model.config, field) for field in fields}}
        (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    if name.endswith("parts"):
        for expert in range(2):
            torch.save(state.pop(f"expert_mixture.expert_{expert}"), folder / f"expert_{expert}.pt")
        gate = [key for key in state if key.startswith("routing_network.")]
        torch.save(
            {key.removeprefix("routing_network."): state.pop(key) for key in gate}, folder / "routing_network.pt"
        )
    if not name.endswith("safetensors"):
        torch.save(state, folder / "pytorch_model.bin")
    with torch.no_grad():
        first = model(input_ids=torch.tensor(IDS))
        second = model(input_ids=torch.tensor(IDS), memory_state=first.memory_state)
    (folder / "expected.json").write_text(json.dumps({"start_logits": second.start_logits.tolist()}) + "\n")


if __name__ == "__main__":
    for name, model in models():
        write(name, model)
