"""The math training: its batches, its options, and a step of everything at once with each of the encodings."""

import functools
from math import isfinite

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

import samedevice
from samedevice.harness.errors import UsageError
from samedevice.models import MathReasonerForCausalLM
from samedevice.models.tokenizer import byte_tokenizer
from samedevice.suites.math.methods import METHODS
from samedevice.suites.training import math
from samedevice.suites.training.exercises import Exercise
from samedevice.suites.training.options import TrainingOptions
from samedevice.suites.training.outcome import Rate

FEW = {"max_steps": 3, "batch_size": 4}


def test_a_batch_learns_the_solution_alone():
    tokenizer = byte_tokenizer()
    coded = [math._coded(Exercise(prompt=p, solution=s), tokenizer) for p, s in (("1+1?", "#### 2"), ("longer?", "3"))]
    batch = math.collate(coded)
    ids, labels = batch["input_ids"], batch["labels"]
    assert tokenizer.decode(ids[0][labels[0] >= 0], skip_special_tokens=True) == "#### 2"
    assert tokenizer.decode(ids[1][(labels[1] < 0) & batch["attention_mask"][1].bool()]) == "longer?\n"
    assert [int(row[row >= 0][-1]) for row in labels] == [tokenizer.eos_token_id] * 2
    assert (labels[~batch["attention_mask"].bool()] == math.IGNORED).all()


@pytest.mark.parametrize("backbone", ["gpt2", "gpt_neox"])
def test_the_loss_falls(backbone, tmp_path):
    options = TrainingOptions(output_dir=str(tmp_path), backbone=backbone, max_steps=12, batch_size=8)
    outcome = math.train_math(options)
    assert outcome.losses[-1] < 0.6 * outcome.losses[0]
    assert outcome.before == {"exact_match": Rate(value=0, of=20)}


def test_evaluation_counts_exact_answers():
    """A model that has learned the right answer to one problem by heart."""

    class Oracle(torch.nn.Module):
        device = torch.device("cpu")

        def generate(self, input_ids, **options):
            said = [
                math.byte_tokenizer()(text, add_special_tokens=False)["input_ids"] for text in ("2+3=5 #### 5", "36")
            ]
            rows = [*said, *([said[0]] * 18)]
            longest = max(map(len, rows))
            tail = torch.tensor([row + [1] * (longest - len(row)) for row in rows])
            return torch.cat([input_ids, tail], 1)

    right = math.evaluate(Oracle(), byte_tokenizer())["exact_match"]
    # 5, 36, and wherever else of the other eighteen 5 is right.
    expected = 2 + sum(problem.answer == "5" for problem in math.PROBLEMS[2:])
    assert right == Rate(value=expected, of=20)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("encoding", METHODS)
def test_lora_checkpointing_and_fp16_with_each_encoding_on_two_t4s(encoding, tmp_path, monkeypatch):
    met, plain = set(), MathReasonerForCausalLM.forward

    @functools.wraps(plain)
    def forward(self, *args, **kwargs):
        if self.training:
            met.add(
                (torch.is_autocast_enabled("cuda"), torch.get_autocast_dtype("cuda"), self.is_gradient_checkpointing)
            )
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(MathReasonerForCausalLM, "forward", forward)
    options = {"precision": "fp16", "lora": True, "gradient_checkpointing": True, "max_steps": 1, "batch_size": 2}
    with samedevice.virtual("cuda", profile="t4x2"):
        outcome = math.train_math(
            TrainingOptions(output_dir=str(tmp_path), device="cuda", position_encoding=encoding, **options)
        )
        assert {str(parameter.device) for parameter in outcome.model.parameters()} == {"cuda:0"}
        trained = {name for name, parameter in outcome.model.named_parameters() if parameter.requires_grad}
    assert outcome.device == "cuda:0"
    assert met == {(True, torch.float16, True)}
    assert len(outcome.losses) == 1
    assert isfinite(outcome.losses[0])
    assert trained
    assert all("lora_" in name for name in trained)


def test_a_stock_model_gets_the_encoding_and_a_reasoner_keeps_its_own(tmp_path):
    config = GPT2Config(n_layer=1, n_embd=32, n_head=4, vocab_size=259, bos_token_id=None, eos_token_id=1)
    GPT2LMHeadModel(config).save_pretrained(tmp_path / "stock")
    byte_tokenizer().save_pretrained(tmp_path / "stock")
    first = math.train_math(
        TrainingOptions(model=str(tmp_path / "stock"), position_encoding="alibi", output_dir=str(tmp_path), **FEW)
    )
    assert first.model.config.position_encoding == "alibi"
    again = TrainingOptions(
        model=str(first.folder / "model"),
        output_dir=str(tmp_path),
        experiment_name="again",
        datasets=("embedded",),
        **FEW,
    )
    second = math.train_math(again)
    assert isinstance(second.model, MathReasonerForCausalLM)
    assert second.model.config.position_encoding == "alibi"
    assert len(second.losses) == 3


def test_what_does_not_fit_is_told(tmp_path):
    def refused(message, **said):
        with pytest.raises(UsageError, match=message):
            math.train_math(TrainingOptions(output_dir=str(tmp_path), **{**FEW, **said}))

    refused("position encoding 'ropes' is unknown: choose one of rope", position_encoding="ropes")
    refused("backbone is 'llama': choose gpt2 or gpt_neox", backbone="llama")
    refused("none of 14 problems fits into max_length 5: give more", datasets=("embedded",), max_length=5)
    refused("cannot read nowhere.jsonl", datasets=("nowhere.jsonl",))
    assert list(tmp_path.iterdir()) == []
