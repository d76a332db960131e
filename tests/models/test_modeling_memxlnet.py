"""XLNet with one memory: it is transformers' XLNet, and its memory is carried, learns and stays where it was put."""

import copy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import XLNetForQuestionAnsweringSimple

import samedevice
from samedevice.models import MemXLNetForQA, tiny_memxlnet
from samedevice.models.memory_bank import detached

FOLDER = Path(samedevice.__file__).parent / "models"


def built(make=tiny_memxlnet.standard, **fields):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return make(**fields).eval()


@pytest.fixture
def segment():
    fed = tiny_memxlnet.second_segment(1)
    del fed["memory_state"]
    return fed


def stock_twin(model):
    """Transformers' own model with the weights of a memory XLNet without memory."""
    twin = XLNetForQuestionAnsweringSimple(model.config).eval()
    state = {key.replace("qa_head.", "qa_outputs."): value for key, value in model.state_dict().items()}
    twin.load_state_dict(state)
    return twin


@pytest.mark.parametrize("left_out", [(), ("attention_mask",), ("token_type_ids",), ("start_positions",)], ids=str)
def test_without_memory_it_is_transformers_own_bit_for_bit(left_out, segment):
    fed = {name: value for name, value in segment.items() if name not in left_out}
    model = built(memory_slots=0)
    with torch.no_grad():
        ours, theirs = model(**fed), stock_twin(model)(**fed, use_mems=False)
    assert torch.equal(ours.start_logits, theirs.start_logits)
    assert torch.equal(ours.end_logits, theirs.end_logits)
    assert (ours.loss is None) == (theirs.loss is None) == ("start_positions" in left_out)
    assert ours.loss is None or torch.equal(ours.loss, theirs.loss)
    assert ours.memory_state is None


def test_without_memory_the_gradients_are_transformers_own_bit_for_bit(segment):
    model = built(memory_slots=0)
    twin = stock_twin(model)
    model(**segment).loss.backward()
    twin(**segment, use_mems=False).loss.backward()
    theirs = {key.replace("qa_outputs.", "qa_head."): value.grad for key, value in twin.named_parameters()}
    for key, parameter in model.named_parameters():
        assert (parameter.grad is None) == (theirs[key] is None)
        assert parameter.grad is None or torch.equal(parameter.grad, theirs[key]), key


def test_the_memory_stands_before_the_tokens_and_what_comes_out_there_is_written(segment):
    """The definition, with transformers' backbone and the formula of the gate in float64."""
    model = built().double()
    memory = torch.randn(2, 4, 32, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        output = model(**segment, memory_state={0: memory})
        tokens = model.transformer.word_embedding(segment["input_ids"])
        hidden = model.transformer(
            inputs_embeds=torch.cat([memory, tokens], 1),
            attention_mask=torch.nn.functional.pad(segment["attention_mask"], (4, 0), value=1),
            token_type_ids=torch.nn.functional.pad(segment["token_type_ids"], (4, 0), value=0),
        ).last_hidden_state
        both = torch.cat([memory, hidden[:, :4]], -1)
        part = model.memory
        gate = 1 / (1 + (-(both @ part.gate_network.weight.T + part.gate_network.bias)).exp())
        candidate = torch.tanh(both @ part.update_network.weight.T + part.update_network.bias)
        logits = hidden[:, 4:] @ model.qa_head.weight.T + model.qa_head.bias
    torch.testing.assert_close(output.memory_state[0], (1 - gate) * memory + gate * candidate)
    torch.testing.assert_close(output.start_logits, logits[..., 0])
    torch.testing.assert_close(output.end_logits, logits[..., 1])


def test_the_initial_memory_is_where_reading_starts(segment):
    model = built()
    memory = model.get_initial_memory(2)
    assert {expert: tuple(tensor.shape) for expert, tensor in memory.items()} == {0: (2, 4, 32)}
    with torch.no_grad():
        assert torch.equal(model(**segment).start_logits, model(**segment, memory_state=memory).start_logits)


def test_what_was_read_before_matters(segment):
    model = built()
    other = {**segment, "input_ids": segment["input_ids"].flip(0)}
    with torch.no_grad():
        after_one = model(**segment, memory_state=model(**segment).memory_state).start_logits
        after_other = model(**segment, memory_state=model(**other).memory_state).start_logits
    assert (after_one - after_other).abs().max() > 1e-3


def test_gradients_flow_to_the_segment_before_unless_detached(segment):
    model = built()
    first = model.transformer.word_embedding(segment["input_ids"]).detach().requires_grad_()
    memory = model(inputs_embeds=first).memory_state
    model(**segment, memory_state=detached(memory)).loss.backward()
    assert first.grad is None
    model(**segment, memory_state=memory).loss.backward()
    assert first.grad.abs().max() > 0


def test_every_parameter_learns_from_two_segments(segment):
    model = built().train()
    model(**segment, memory_state=model(**segment).memory_state).loss.backward()
    lacking = {key for key, parameter in model.named_parameters() if parameter.grad is None}
    # Stands for a masked word in pretraining.
    assert lacking == {"transformer.mask_emb"}


def test_padding_changes_nothing(segment):
    model = built()
    short = {name: segment[name][:1, :9] for name in ("input_ids", "attention_mask", "token_type_ids")}
    with torch.no_grad():
        padded, plain = model(**segment), model(**short)
    torch.testing.assert_close(padded.start_logits[:1, :9], plain.start_logits)
    torch.testing.assert_close(padded.memory_state[0][:1], plain.memory_state[0])


@pytest.mark.parametrize("make", [tiny_memxlnet.standard, lambda: tiny_memxlnet.mixture(2, "read-based")])
def test_gradient_checkpointing_changes_no_gradient(make, segment):
    plain = built(make).train()
    frugal = copy.deepcopy(plain)
    frugal.activation_checkpointing_enable()
    assert frugal.gradient_checkpointing
    passes = []
    frugal.transformer.layer[0].register_forward_hook(lambda *_: passes.append(1))
    for model in (plain, frugal):
        model(**segment, memory_state=model(**segment).memory_state).loss.backward()
    assert len(passes) == 4  # two segments, each again in backward
    for (key, ours), (_, theirs) in zip(frugal.named_parameters(), plain.named_parameters(), strict=True):
        assert (ours.grad is None) == (theirs.grad is None)
        assert ours.grad is None or torch.equal(ours.grad, theirs.grad), key


def test_hidden_states_and_attentions_are_the_backbones(segment):
    with torch.no_grad():
        output = built()(**segment, output_hidden_states=True, output_attentions=True)
    assert [tuple(state.shape) for state in output.hidden_states] == [(2, 16, 32)] * 3
    assert [tuple(weights.shape) for weights in output.attentions] == [(2, 4, 16, 16)] * 2


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_half_precision(dtype, segment):
    model = built().to(dtype)
    memory = model(**segment).memory_state
    output = model(**segment, memory_state=memory)
    assert {memory[0].dtype, output.start_logits.dtype, output.memory_state[0].dtype} == {dtype}
    assert output.start_logits.isfinite().all()


def test_autocast_keeps_the_memory_in_the_models_dtype(segment):
    model = built()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        memory = model(**segment).memory_state
        output = model(**segment, memory_state=memory)
    assert memory[0].dtype is torch.float32
    assert output.loss.isfinite()


def test_bad_input_is_told(segment):
    model = built()
    ids = segment["input_ids"]
    good = model.get_initial_memory(2)
    with pytest.raises(ValueError, match="input_ids or inputs_embeds: pass exactly one"):
        model()
    with pytest.raises(ValueError, match="input_ids or inputs_embeds: pass exactly one"):
        model(input_ids=ids, inputs_embeds=good[0])
    with pytest.raises(ValueError, match=r"holds the experts \[0, 1\], expected \[0\]"):
        model(input_ids=ids, memory_state={0: good[0], 1: good[0]})
    with pytest.raises(ValueError, match=r"memory_state\[0\] has shape \[3, 4, 32\], expected \[2, 4, 32\]"):
        model(input_ids=ids, memory_state=model.get_initial_memory(3))
    with pytest.raises(ValueError, match=r"memory_state\[0\] is torch.float64 and the model torch.float32"):
        model(input_ids=ids, memory_state={0: good[0].double()})
    with pytest.raises(ValueError, match="memory_state was given and memory_slots is 0"):
        built(memory_slots=0)(input_ids=ids, memory_state=good)
    with pytest.raises(ValueError, match="MemXLNetForQA is built from a MemXLNetConfig, not a GMMXLNetConfig"):
        MemXLNetForQA(tiny_memxlnet.mixture(1, "read-based").config)


def test_a_memory_on_another_device_is_refused_with_the_mend(segment):
    with samedevice.virtual("cuda"):
        model = built().to("cuda")
        fed = {name: value.to("cuda") for name, value in segment.items()}
        left = tiny_memxlnet.standard().get_initial_memory(2)
        with pytest.raises(ValueError, match=r"memory_state\[0\] is on cpu and the segment on cuda:0.*bank_to\(mem"):
            model(**fed, memory_state=left)


ALONE = """
import sys, torch
from {package}.tiny_standard import standard, second_segment
torch.manual_seed(0)
model = standard()
fed = second_segment(1)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for _ in range(3):
    output = model(**fed)
    output.loss.backward()
    optimizer.step()
    optimizer.zero_grad()
assert any("gmmxlnet" in name or "memory_mixture" in name for name in sys.modules) == {mixture}
torch.save({{"logits": output.start_logits, **model.state_dict()}}, sys.argv[1])
"""


def test_it_computes_the_same_bits_where_no_mixture_exists(tmp_path):
    """The files of the standard model alone, copied out, against the whole package: three steps of training."""
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "__init__.py").touch()
    names = "modeling_memxlnet configuration_memxlnet checkpoint_memxlnet layouts_memxlnet card_memxlnet memory_bank"
    for name in (*names.split(), "span_loss", "tokenizer"):
        shutil.copy(FOLDER / f"{name}.py", alone)
    text = (FOLDER / "tiny_memxlnet.py").read_text()
    (alone / "tiny_standard.py").write_text(
        "\n".join(line for line in text.splitlines() if "gmmxlnet import" not in line).replace("-> GMMXLNetForQA", "")
    )
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "__init__.py").write_text("import samedevice.models\n")
    (whole / "tiny_standard.py").write_text("from samedevice.models.tiny_memxlnet import *\n")
    found = []
    for package, mixture in (("alone", False), ("whole", True)):
        program = ALONE.format(package=package, mixture=mixture)
        file = tmp_path / f"{package}.pt"
        subprocess.run([sys.executable, "-c", program, file], cwd=tmp_path, check=True, timeout=120)
        found.append(torch.load(file, weights_only=True))
    assert found[0].keys() == found[1].keys()
    assert all(torch.equal(found[0][key], found[1][key]) for key in found[0])
