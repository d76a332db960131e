"""A stranger's model type is loaded like our own: by the entry point of its package, and only when it is wanted."""

import json
import subprocess
import sys

import pytest
from transformers import GPT2Config

from samedevice.harness import loading, registration
from samedevice.harness.errors import UsageError

THEIRS = """
import torch
from transformers import AutoConfig, AutoModelForCausalLM, PretrainedConfig, PreTrainedModel

class StrangeConfig(PretrainedConfig):
    model_type = "strange_model"
    vocab_size = 8

class StrangeForCausalLM(PreTrainedModel):
    config_class = StrangeConfig
    main_input_name = "input_ids"

    def __init__(self, config):
        super().__init__(config)
        self.linear = torch.nn.Linear(1, 8)
        self.post_init()

    def forward(self, input_ids):
        return self.linear(input_ids[..., None].float())

AutoConfig.register("strange_model", StrangeConfig)
AutoModelForCausalLM.register(StrangeConfig, StrangeForCausalLM)
"""
LOAD = """
import sys
from samedevice.harness import loading
target = loading.target(sys.argv[1])
assert "strange" not in sys.modules
model = target.build()
assert "samedevice.models" not in sys.modules
print(type(model).__name__, model(**target.inputs()).shape)
"""


@pytest.fixture
def package(tmp_path):
    """A folder of installed packages: one that registers a model type, and one that is broken."""
    (tmp_path / "strange.py").write_text(THEIRS)
    for name, entries in {
        "strange": "strange_model = strange\n",
        "broken": "broken_model = there_is_no_such_module\n",
    }.items():
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[samedevice.models]\n{entries}")
    return tmp_path


def test_the_type_of_an_installed_package_is_loaded(package):
    """In a process of its own: registering cannot be undone."""
    make = "import sys, strange as s; s.StrangeForCausalLM(s.StrangeConfig()).save_pretrained(sys.argv[1])"
    kept = str(package / "kept")
    for program in (make, LOAD):
        command = [sys.executable, "-c", program, kept]
        done = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    assert done.stdout == "StrangeForCausalLM torch.Size([2, 8, 8])\n"


def test_a_package_that_does_not_load_is_named_where_its_type_is_wanted(package, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(package))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "broken_model"}))
    with pytest.raises(UsageError, match=r"samedevice\.models 'broken_model' of broken does not load: No module named"):
        loading.target(str(tmp_path)).build()
    registration.register("gpt2")
    registration.register(None)


def test_a_class_that_no_auto_class_has():
    class Other(GPT2Config):
        pass

    assert registration.registered(Other()) == ()
    names = {kind.__name__ for kind in registration.registered(GPT2Config())}
    assert {"GPT2LMHeadModel", "GPT2Model"} <= names
