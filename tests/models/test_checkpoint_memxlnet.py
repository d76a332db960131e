"""Checkpoints come back whole, or are refused with the field, the file or the class to use."""

import gc
import json
import shutil
import weakref
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForQuestionAnswering, XLNetConfig, XLNetModel

from samedevice.models import GMMXLNetForQA, MemXLNetForQA, tiny_memxlnet
from samedevice.models.configuration_gmmxlnet import ROUTING_MODES
from samedevice.models.layouts_memxlnet import CheckpointError

KEPT = Path(__file__).parent / "checkpoints"
SMALL = {"hidden_dim": 8, "n_layer": 1, "n_head": 2, "d_inner": 8, "vocab_size": 16, "memory_slots": 2}
IDS = torch.tensor([[1, 2, 3, 4, 5]])
every_mixture = pytest.mark.parametrize(("experts", "mode"), [(k, m) for k in (1, 2, 4, 8) for m in ROUTING_MODES])


def disturbed(model):
    """Every number changed, so that a fresh initialisation cannot pass for a loaded one."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.rand(parameter.shape, generator=generator) * 0.05)
    return model.eval()


def second(model):
    """The logits of a second segment, with the memory of a first."""
    with torch.no_grad():
        first = model(input_ids=IDS)
        return model(input_ids=IDS, memory_state=first.memory_state or None).start_logits


def assert_same(loaded, model):
    states = loaded.state_dict(), model.state_dict()
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[1])
    assert loaded.config.to_diff_dict() == {**model.config.to_diff_dict(), "dtype": "float32"}
    assert torch.equal(second(loaded), second(model))


def rewritten(folder, **fields):
    """The configuration of a checkpoint changed; None takes a field out."""
    file = folder / "config.json"
    config = {**json.loads(file.read_text()), **fields}
    file.write_text(json.dumps({name: value for name, value in config.items() if value is not None}))
    return folder


@pytest.fixture
def gmm(tmp_path):
    disturbed(tiny_memxlnet.mixture(2, "read-based", **SMALL)).save_pretrained(tmp_path / "gmm")
    return tmp_path / "gmm"


@pytest.fixture
def standard(tmp_path):
    disturbed(tiny_memxlnet.standard(**SMALL)).save_pretrained(tmp_path / "standard")
    return tmp_path / "standard"


@every_mixture
def test_a_mixture_comes_back(experts, mode, tmp_path):
    model = disturbed(tiny_memxlnet.mixture(experts, mode, **SMALL))
    model.save_pretrained(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"config.json", "model.safetensors", "README.md"}
    loaded, info = GMMXLNetForQA.from_pretrained(tmp_path, output_loading_info=True)
    assert not any(info.values())
    assert_same(loaded, model)
    again = AutoModelForQuestionAnswering.from_pretrained(tmp_path)
    assert type(again) is GMMXLNetForQA
    assert_same(again, model)


@pytest.mark.parametrize("slots", [0, 1, 3])
def test_a_standard_one_comes_back(slots, tmp_path):
    model = disturbed(tiny_memxlnet.standard(**{**SMALL, "memory_slots": slots}))
    model.save_pretrained(tmp_path)
    loaded = AutoModelForQuestionAnswering.from_pretrained(tmp_path)
    assert type(loaded) is MemXLNetForQA
    assert_same(loaded, model)


@pytest.mark.parametrize("shard", ["1KB", "1MB"])
def test_shards_come_back(shard, tmp_path):
    model = disturbed(tiny_memxlnet.mixture(2, "write-based", **SMALL))
    model.save_pretrained(tmp_path, max_shard_size=shard)
    assert_same(GMMXLNetForQA.from_pretrained(tmp_path), model)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_the_dtype_that_was_asked_for(dtype, gmm):
    loaded = GMMXLNetForQA.from_pretrained(gmm, dtype=dtype)
    assert {parameter.dtype for parameter in loaded.parameters()} == {dtype}
    assert loaded.get_initial_memory(3)[1].dtype is dtype


@pytest.mark.parametrize("name", sorted(folder.name for folder in KEPT.iterdir() if (folder / "config.json").exists()))
def test_layouts_that_users_have(name):
    loaded = AutoModelForQuestionAnswering.from_pretrained(KEPT / name)
    assert isinstance(loaded, MemXLNetForQA if name.startswith("standard") else GMMXLNetForQA)
    expected = torch.tensor(json.loads((KEPT / name / "expected.json").read_text())["start_logits"])
    torch.testing.assert_close(second(loaded), expected)


@pytest.mark.parametrize("name", ["write_one_file", "read_parts"])
def test_an_older_layout_is_written_as_today(name, tmp_path):
    loaded = GMMXLNetForQA.from_pretrained(KEPT / name)
    loaded.save_pretrained(tmp_path)
    assert any(key.startswith("transformer.") for key in load_file(tmp_path / "model.safetensors"))
    assert_same(GMMXLNetForQA.from_pretrained(tmp_path), loaded)


def test_an_older_layout_takes_the_dtype_too():
    loaded = GMMXLNetForQA.from_pretrained(KEPT / "read_parts", dtype=torch.bfloat16)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.bfloat16}


def test_without_memory_type_it_is_standard(standard):
    assert type(MemXLNetForQA.from_pretrained(rewritten(standard, memory_type=None, version=None))) is MemXLNetForQA


def refused(load, *words):
    with pytest.raises(CheckpointError) as caught:
        load()
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_mixture_in_the_standard_class_is_refused(gmm):
    words = ("memory_type", "'gmm'", "no checkpoint of MemXLNetForQA", "use GMMXLNetForQA.from_pretrained")
    refused(lambda: MemXLNetForQA.from_pretrained(gmm), *words)


def test_a_standard_one_in_the_mixture_class_is_refused(standard):
    words = ("memory_type", "'standard'", "no checkpoint of GMMXLNetForQA", "use MemXLNetForQA.from_pretrained")
    refused(lambda: GMMXLNetForQA.from_pretrained(standard), *words)
    rewritten(standard, memory_type=None)
    refused(lambda: GMMXLNetForQA.from_pretrained(standard), "is absent", "use MemXLNetForQA")


def test_a_configuration_in_hand_does_not_hide_the_kind(gmm):
    config = tiny_memxlnet.standard(**SMALL).config
    refused(lambda: MemXLNetForQA.from_pretrained(gmm, config=config), "use GMMXLNetForQA")


def test_an_unknown_kind_is_refused(gmm):
    refused(lambda: GMMXLNetForQA.from_pretrained(rewritten(gmm, memory_type="lstm")), "'lstm'", "'standard', 'gmm'")


@pytest.mark.parametrize("version", ["2.0", "10.1", "new"])
def test_a_later_version_is_refused(version, gmm):
    refused(lambda: GMMXLNetForQA.from_pretrained(rewritten(gmm, version=version)), repr(version), "reads up to 1.0")


def test_a_minor_version_is_read(gmm):
    assert GMMXLNetForQA.from_pretrained(rewritten(gmm, version="1.7")).config.version == "1.7"


def test_a_stock_xlnet_is_refused(tmp_path):
    config = XLNetConfig(d_model=8, n_layer=1, n_head=2, d_inner=8, vocab_size=16)
    XLNetModel(config).save_pretrained(tmp_path)
    refused(lambda: MemXLNetForQA.from_pretrained(tmp_path), "without a memory", "from_xlnet")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"num_memory_experts": 1}, ("num_memory_experts is 1", "hold 2: expert_0, expert_1")),
        ({"num_memory_experts": 4}, ("num_memory_experts is 4", "hold 2: expert_0, expert_1")),
        ({"routing_mode": "write-based"}, ("routing_mode is 'write-based'", "it is 'read-based'")),
        ({"memory_slots": 3}, ("memory_slots is 3", "expert_0 has shape [2, 8]")),
        ({"hidden_dim": 16, "d_model": 16, "d_head": 8}, ("hidden_dim is 16", "[2, 8]")),
        ({"n_layer": 2}, ("the weights lack transformer.layer.1",)),
        ({"d_inner": 4}, ("transformer.layer.0.ff.layer_1.bias has shape [8]", "makes it [4]")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_weights_that_disagree_with_the_configuration_are_refused(fields, words, gmm):
    refused(lambda: GMMXLNetForQA.from_pretrained(rewritten(gmm, **fields)), *words, "nothing was loaded")


def test_arguments_that_disagree_with_the_weights_are_refused(gmm):
    refused(lambda: GMMXLNetForQA.from_pretrained(gmm, num_memory_experts=4), "num_memory_experts is 4", "hold 2")
    with pytest.raises(ValueError, match="hidden_dim is 16 and d_model is 8"):
        GMMXLNetForQA.from_pretrained(gmm, hidden_dim=16)
    with pytest.raises(ValueError, match="routing_mode is 'both'"):
        GMMXLNetForQA.from_pretrained(gmm, routing_mode="both")


def test_a_reader_that_is_lacking_is_named(tmp_path):
    tiny_memxlnet.mixture(2, "write-based", **SMALL).save_pretrained(tmp_path)
    rewritten(tmp_path, routing_mode="read-based")
    refused(lambda: GMMXLNetForQA.from_pretrained(tmp_path), "routing_mode is 'read-based'", "it is 'write-based'")


def test_a_memory_that_the_configuration_switches_off_is_refused(standard):
    refused(lambda: MemXLNetForQA.from_pretrained(rewritten(standard, memory_slots=0)), "memory_slots is 0")


def test_leaving_weights_out_is_refused(gmm):
    refused(lambda: GMMXLNetForQA.from_pretrained(gmm, ignore_mismatched_sizes=True), "loaded whole")


def test_numbers_that_are_not_finite_are_refused(gmm):
    state = load_file(gmm / "model.safetensors")
    state["qa_head.bias"][0] = float("nan")
    save_file(state, gmm / "model.safetensors", metadata={"format": "pt"})
    refused(lambda: GMMXLNetForQA.from_pretrained(gmm), "not finite", "qa_head.bias")


def copy_of(name, tmp_path):
    return Path(shutil.copytree(KEPT / name, tmp_path / name))


def test_code_in_an_older_file_is_not_run(tmp_path):
    folder, marker = copy_of("read_parts", tmp_path), tmp_path / "ran"

    class Trap:
        def __reduce__(self):
            return Path.touch, (marker,)

    torch.save({"W_gate.weight": Trap()}, folder / "routing_network.pt")
    refused(lambda: GMMXLNetForQA.from_pretrained(folder), "routing_network.pt", "weights_only")
    assert not marker.exists()


def test_a_truncated_older_file_is_named(tmp_path):
    folder = copy_of("write_one_file", tmp_path)
    file = folder / "pytorch_model.bin"
    file.write_bytes(file.read_bytes()[:500])
    refused(lambda: GMMXLNetForQA.from_pretrained(folder), "pytorch_model.bin", "does not load")


@pytest.mark.parametrize("held", [{"a": torch.zeros(1), "b": torch.zeros(1)}, [torch.zeros(2, 8)]], ids=["two", "list"])
def test_an_expert_that_is_no_tensor_is_named(held, tmp_path):
    folder = copy_of("read_parts", tmp_path)
    torch.save(held, folder / "expert_1.pt")
    refused(lambda: GMMXLNetForQA.from_pretrained(folder), "expert_1.pt", "expected one tensor")


def test_an_expert_that_is_lacking_is_counted(tmp_path):
    folder = copy_of("read_parts", tmp_path)
    (folder / "expert_1.pt").unlink()
    refused(lambda: GMMXLNetForQA.from_pretrained(folder), "num_memory_experts is 2", "hold 1: expert_0")


def test_two_layouts_in_one_directory_are_refused(tmp_path, gmm):
    shutil.copy(KEPT / "read_parts" / "expert_0.pt", gmm)
    refused(lambda: GMMXLNetForQA.from_pretrained(gmm), "model.safetensors and expert_0.pt", "remove")


def test_two_values_of_one_tensor_are_refused(tmp_path):
    folder = copy_of("read_one_file", tmp_path)
    shutil.copy(KEPT / "read_parts" / "expert_0.pt", folder)
    refused(lambda: GMMXLNetForQA.from_pretrained(folder), "expert_mixture.expert_0", "other values")


def test_nothing_is_left_of_a_refused_model(gmm, monkeypatch):
    """No half-loaded model stays alive, not in a registry and not in the exception's message."""
    built = []
    plain = GMMXLNetForQA.__init__

    def watched(self, config):
        plain(self, config)
        built.append(weakref.ref(self))

    monkeypatch.setattr(GMMXLNetForQA, "__init__", watched)
    with pytest.raises(CheckpointError):
        GMMXLNetForQA.from_pretrained(rewritten(gmm, num_memory_experts=4))
    gc.collect()
    assert len(built) == 1
    assert built[0]() is None


def test_the_card_says_what_it_is_and_is_not_overwritten(gmm, tmp_path):
    from huggingface_hub import ModelCard

    card = ModelCard.load(gmm / "README.md")
    assert card.data.to_dict() == {
        "library_name": "transformers",
        "pipeline_tag": "question-answering",
        "tags": ["gmmxlnet"],
    }
    assert "| `num_memory_experts` | 2 |" in card.text
    assert "| `routing_mode` | read-based |" in card.text
    (gmm / "README.md").write_text("mine")
    GMMXLNetForQA.from_pretrained(gmm).save_pretrained(gmm)
    assert (gmm / "README.md").read_text() == "mine"
