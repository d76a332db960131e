"""Training a math reasoner on worked problems, and asking it the twenty."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoConfig, AutoTokenizer, PreTrainedTokenizerBase

from ...harness.errors import UsageError
from ...models import MathReasonerConfig, MathReasonerForCausalLM, from_backbone
from ...models.encodings import ENCODINGS
from ...models.tokenizer import BYTE_VOCABULARY, END_TOKEN_ID, PAD_TOKEN_ID, byte_tokenizer
from ..math.problems import PROBLEMS
from .adapters import adapted
from .exercises import Exercise, answer_of, exercises
from .options import TrainingOptions, chosen
from .outcome import Outcome, Rate, Score
from .running import Task, run, steps_of
from .tables import rows
from .worked import from_rows, read_worked

EMBEDDED = tuple(Path(__file__).with_name(name) for name in ("gsm8k.jsonl", "math.jsonl"))
# Short names of the seeds -> ids of the Hub.
IDS = {"gsm8k": "openai/gsm8k:main", "math": "EleutherAI/hendrycks_math:algebra"}
EXERCISES, NEW_TOKENS, IGNORED = 50_000, 48, -100

_CI = {
    "backbone": "gpt2",
    "position_encoding": "rope",
    "batch_size": 32,
    "max_length": 256,
    "learning_rate": 3e-3,
    "datasets": ("exercises",),
}
_SEED = {
    "backbone": "gpt2",
    "position_encoding": "rope",
    "batch_size": 2,
    "max_length": 2048,
    "max_steps": 1000,
    "learning_rate": 2e-5,
    "datasets": ("gsm8k", "math"),
}


def train_math(options: TrainingOptions) -> Outcome:
    """Train and evaluate; the outcome's score is the exact match on the twenty problems, none of which is trained on.

    `datasets` are `exercises` (generated), `embedded` (two small files), JSONL files in the format of GSM8K or MATH,
    the names `gsm8k` and `math`, or ids of `datasets`. `model` is a reasoner, or a GPT-2 or GPT-NeoX, which then gets
    the position encoding. With `lora` the encoding's own parameters stay as they are. Raises `UsageError` for options
    that do not fit.
    """
    usual = _SEED if options.profile == "seed" else _CI
    if options.max_steps is None and options.epochs is None and options.profile == "ci":
        usual = {**usual, "max_steps": 1500}
    settled = chosen(options, **usual)
    return run(lambda: _task(settled), settled)


def _task(options: TrainingOptions) -> Task:
    model, tokenizer = _model(options)
    if options.lora:
        model = adapted(model, model.config.backbone, "CAUSAL_LM")
    coded = [_coded(one, tokenizer) for one in _exercises(options)]
    fitting = [one for one in coded if len(one[0]) <= int(options.max_length or 0)]
    if not fitting:
        raise UsageError(f"none of {len(coded)} problems fits into max_length {options.max_length}: give more")
    count = steps_of(options, len(fitting)) * int(options.batch_size or 1)
    return Task(
        name="math",
        model=model,
        tokenizer=tokenizer,
        examples=_ordered(fitting, count, options.seed),
        collate=collate,
        loss=lambda reasoner, batch: reasoner(**batch).loss,
        evaluate=lambda reasoner: evaluate(reasoner, tokenizer),
    )


def collate(coded: Sequence[tuple[list[int], int]]) -> dict[str, Tensor]:
    """Ids, mask and labels [B,T] of (ids, length of the prompt): padded on the right; the prompt has no label."""
    longest = max(len(ids) for ids, _ in coded)
    input_ids = torch.full((len(coded), longest), PAD_TOKEN_ID)
    mask, labels = torch.zeros_like(input_ids), torch.full_like(input_ids, IGNORED)
    for row, (ids, prompt) in enumerate(coded):
        input_ids[row, : len(ids)] = torch.tensor(ids)
        mask[row, : len(ids)] = 1
        labels[row, prompt : len(ids)] = torch.tensor(ids[prompt:])
    return {"input_ids": input_ids, "attention_mask": mask, "labels": labels}


def evaluate(model: Any, tokenizer: PreTrainedTokenizerBase) -> Score:
    """Exact match of greedy answers on the twenty problems: what stands after the last `####`."""
    was_training = model.training
    model.eval()
    tokenizer.padding_side = "left"
    prompts = [_prompt(problem.prompt) for problem in PROBLEMS]
    fed = tokenizer(prompts, add_special_tokens=False, padding=True, return_tensors="pt").to(model.device)
    with torch.no_grad():
        output = model.generate(**fed, do_sample=False, max_new_tokens=NEW_TOKENS)
    model.train(was_training)
    said = tokenizer.batch_decode(output[:, fed["input_ids"].shape[1] :], skip_special_tokens=True)
    right = sum(answer_of(text) == problem.answer for text, problem in zip(said, PROBLEMS, strict=True))
    return {"exact_match": Rate(value=right, of=len(PROBLEMS))}


def _prompt(question: str) -> str:
    return f"{question}\n"


def _coded(exercise: Exercise, tokenizer: Any) -> tuple[list[int], int]:
    prompt = tokenizer(_prompt(exercise.prompt), add_special_tokens=False)["input_ids"]
    solution = tokenizer(exercise.solution, add_special_tokens=False)["input_ids"]
    return [*prompt, *solution, tokenizer.eos_token_id], len(prompt)


def _ordered(coded: Sequence[Any], count: int, seed: int) -> list[Any]:
    """As many as are wanted: the whole in a new order each time it begins again."""
    chance, order = random.Random(seed), list[Any]()
    while len(order) < count:
        order += chance.sample(coded, len(coded))
    return order[:count]


def _exercises(options: TrainingOptions) -> list[Exercise]:
    asked = {problem.prompt for problem in PROBLEMS}
    found: list[Exercise] = []
    for name in options.datasets:
        if name == "exercises":
            wanted = (options.max_steps or EXERCISES) * int(options.batch_size or 1)
            found += exercises(min(EXERCISES, wanted), options.seed)
        elif name == "embedded":
            found += [one for file in EMBEDDED for one in read_worked(file)]
        elif name.endswith(".jsonl"):
            found += read_worked(name)
        else:
            found += from_rows(rows(IDS.get(name, name), "train"))
    return [one for one in found if one.prompt not in asked]


def _model(options: TrainingOptions) -> tuple[Any, PreTrainedTokenizerBase]:
    encoding = options.position_encoding or ""
    if encoding not in ENCODINGS:
        raise UsageError(f"position encoding {encoding!r} is unknown: choose one of {', '.join(ENCODINGS)}")
    if options.model is not None:
        return _loaded(options.model, encoding)
    if options.backbone not in ("gpt2", "gpt_neox"):
        raise UsageError(f"backbone is {options.backbone!r}: choose gpt2 or gpt_neox")
    sizes: dict[str, Any] = {"hidden_size": 96, "num_attention_heads": 4, "num_hidden_layers": 2}
    if options.backbone == "gpt_neox":
        sizes["intermediate_size"] = 4 * 96
    # Without dropout, so that devices whose random numbers differ can be compared; the usual 0.02 is for wider models.
    quiet = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "initializer_range": 0.06}
    tokens = {"vocab_size": BYTE_VOCABULARY, "bos_token_id": None}
    tokens |= {"eos_token_id": END_TOKEN_ID, "pad_token_id": PAD_TOKEN_ID}
    config = MathReasonerConfig(
        backbone=options.backbone,
        position_encoding=encoding,
        text_config={**(sizes if options.profile == "ci" else {}), **quiet, **tokens},
    )
    return MathReasonerForCausalLM(config), byte_tokenizer()


def _loaded(name: str, encoding: str) -> tuple[Any, PreTrainedTokenizerBase]:
    """A reasoner as it was saved, or a stock model with the position encoding."""
    tokenizer = AutoTokenizer.from_pretrained(name)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    if AutoConfig.from_pretrained(name).model_type == MathReasonerConfig.model_type:
        return MathReasonerForCausalLM.from_pretrained(name), tokenizer
    return from_backbone(name, encoding), tokenizer
