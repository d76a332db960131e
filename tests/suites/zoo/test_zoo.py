"""A dozen architectures of every modality; all of them: `samedevice run zoo`, docs/zoo.md."""

import pytest
import torch

from samedevice.harness import catalog, loading
from samedevice.harness.cli import main
from samedevice.harness.errors import UsageError
from samedevice.suites.zoo import PLANTED, SUITE
from samedevice.suites.zoo.architectures import model_types
from samedevice.suites.zoo.models import identifier
from samedevice.suites.zoo.recipes import build

# Text, masked, encoder-decoder, mixture, state space, hybrid, image, pyramid, video, sound, text and image, boxes.
DOZEN = (
    "gpt2",
    "bert",
    "t5",
    "mixtral",
    "mamba",
    "jamba",
    "vit",
    "swin",
    "videomae",
    "wav2vec2",
    "qwen2_vl",
    "layoutlm",
)


@pytest.mark.parametrize("name", DOZEN)
def test_an_architecture_is_clean_on_every_device_and_comes_back(name, results):
    found = results([name], ["cpu", "cuda", "mps"], SUITE.checks)
    assert [(cell.check, cell.device.name, cell.status, cell.findings) for cell in found if cell.status != "pass"] == []
    asked = [(cell.device.kind, cell.check) for cell in found]
    moved = [(kind, check) for kind in ("cuda", "mps") for check in ("forward", "placement")]
    assert asked == [("cpu", "forward"), ("cpu", "placement"), ("cpu", "roundtrip"), *moved]


def test_there_is_a_target_for_every_model_type_and_none_is_built_to_list_them(animals, monkeypatch):
    monkeypatch.setattr("samedevice.suites.zoo.recipes.build", None)
    assert tuple(animals) == model_types()
    assert len(animals) > 700
    assert "math_reasoner" not in animals  # ours, registered with transformers
    assert len({identifier(name) for name in animals}) == len(animals)


def test_a_model_is_tiny_and_the_same_every_time():
    one, two = build("bert").state_dict(), build("bert").state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert sum(tensor.numel() for tensor in one.values()) < 200_000


def test_an_address_leads_to_the_same_model(animals):
    word, _ = animals["kosmos-2.5"].address
    assert word == "samedevice.suites.zoo.models:kosmos_2_5"
    made = loading.target(animals["bert"].address[0]).build()
    assert type(made) is type(build("bert"))
    with pytest.raises(UsageError, match="models has no 'unicorn'"):
        loading.target("samedevice.suites.zoo.models:unicorn").build()


def test_what_cannot_be_built_is_not_checked(results):
    (part, codec) = results(["sam_mask_decoder", "layoutlmv2"], ["cpu"], SUITE.checks[:1])
    assert (part.status, part.reason) == (
        "not-checked",
        "cannot be built: sam_mask_decoder is the config of a part, which no model class takes",
    )
    assert codec.status == "not-checked"
    assert codec.reason.startswith("cannot be built: ")


def test_what_cannot_be_fed_is_not_checked_and_passes_nothing(results):
    found = results(["dia"], ["cpu", "cuda"], SUITE.checks)
    assert [cell.status for cell in found] == ["not-checked"] * 5
    assert all(cell.reason.startswith("cannot be fed: ") for cell in found)
    assert [cell.findings for cell in found] == [()] * 5


def test_a_run_without_names_leaves_the_zoo_out():
    assert not {SUITE.name, PLANTED.name} & {suite.name for suite in catalog.suites()}


def test_the_command_line(capsys):
    assert main(["run", "zoo", "--targets", "bert,gpt2", "--devices", "cuda", "--checks", "forward"]) == 0
    assert "bert      pass\ngpt2      pass" in capsys.readouterr().out
    assert main(["run", "zoo", "--plant", "--targets", "gpt2", "--devices", "cuda"]) == 0
    assert "named cache  100.0 % [20.7, 100.0] (1/1)" in capsys.readouterr().out
    assert main(["run", "math", "--plant"]) == 2
    assert capsys.readouterr().err == (
        "samedevice: nothing is planted in suite 'math': --plant wants a suite that has, such as zoo\n"
    )
