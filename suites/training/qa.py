"""Training a reader with memory to answer questions about documents longer than one segment."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedTokenizerBase

from ...harness.errors import UsageError
from ...models import GMMXLNetConfig, GMMXLNetForQA, MemXLNetConfig, MemXLNetForQA
from . import vocabulary
from .adapters import adapted
from .options import TrainingOptions, chosen
from .outcome import Outcome, Rate, Score
from .reading import document_loss, evaluate
from .riddles import riddles
from .running import Task, run, steps_of
from .segments import Reading, batch_of, readings
from .squad import Question, from_rows, read_squad
from .tables import rows

EMBEDDED = Path(__file__).with_name("squad.json")
BACKBONES = ("memxlnet", "gmmxlnet")
# How many sentences stand between what is said and what is asked: documents of two segments, three, and four.
TALKS = (0, 2, 4)
RIDDLES, HELD_OUT = 400, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QAOptions(TrainingOptions):
    """The shared options, and those of the memory.

    `datasets` are `riddles` (generated), `embedded` (a small SQuAD file), SQuAD files, or ids of `datasets`. `late`
    shows the question in the last segment alone. `segments` is the longest document that is trained on; the training
    grows to it. `experts`, `routing_mode` and `memory_slots` are those of the configuration.
    """

    experts: int = 4
    routing_mode: str = "write-based"
    memory_slots: int = 4
    segments: int = 4
    late: bool = True


_CI = {
    "backbone": "memxlnet",
    "batch_size": 16,
    "max_length": 28,
    "learning_rate": 2e-3,
    "datasets": ("riddles",),
}
_SEED = {
    "backbone": "gmmxlnet",
    "batch_size": 4,
    "max_length": 384,
    "epochs": 3,
    "learning_rate": 3e-5,
    "datasets": ("squad",),
}


def train_qa(options: TrainingOptions) -> Outcome:
    """Train and evaluate; the outcome's scores are exact match and F1 with the memory carried, and without.

    Without, each segment starts from the initial memory: the difference is what remembering is worth. Riddles are
    evaluated on combinations that the training never had; a file is evaluated on itself, an id on its validation split.
    Raises `UsageError` for options that do not fit.
    """
    if not isinstance(options, QAOptions):
        options = QAOptions(**{one.name: getattr(options, one.name) for one in fields(options)})
    usual = _SEED if options.profile == "seed" else _CI
    if options.max_steps is None and options.epochs is None and options.profile == "ci":
        usual = {**usual, "max_steps": 600}
    settled: QAOptions = chosen(options, **usual)
    return run(lambda: _task(settled), settled)


def _task(options: QAOptions) -> Task:
    train, held_out = _questions(options)
    model, tokenizer = _model(options, train)
    if options.lora:
        model = adapted(model, model.config.model_type, None)
    length = int(options.max_length or 0)
    read = readings(train, tokenizer, length, late=options.late)
    asked = readings(held_out, tokenizer, length, late=options.late)
    return Task(
        name="qa",
        model=model,
        tokenizer=tokenizer,
        examples=curriculum(read, options),
        collate=lambda met: batch_of([one for one, _ in met], max(segments for _, segments in met)),
        loss=document_loss,
        evaluate=lambda reader: _score(reader, asked),
    )


def curriculum(read: Sequence[Reading], options: QAOptions) -> list[tuple[Reading, int]]:
    """Readings in the order in which they are met, each with how many of its segments: batches of growing documents.

    The first quarter of the steps sees documents of the fewest segments, and so on up to `segments`, where the rest is
    spent: Bulatov et al. 2022 (arXiv:2207.06881), section 5, train from short to long too. A document that is too long
    for its stage is met in part (`segments.window`).
    """
    batch = int(options.batch_size or 1)
    steps = steps_of(options, len(read))
    chance = random.Random(options.seed)
    shortest = min(min(one.length for one in read), options.segments)
    stages = range(shortest, options.segments + 1)
    order: list[tuple[Reading, int]] = []
    for step in range(steps):
        stage = stages[min(len(stages) - 1, step * 2 * len(stages) // steps)]
        fitting = [one for one in read if one.length <= stage] or list(read)
        order += [(one, stage) for one in chance.choices(fitting, k=batch)]
    return order


def _score(model: Any, asked: Sequence[Reading]) -> Score:
    with_memory, without = (evaluate(model, asked, remember=remember) for remember in (True, False))
    return {
        "exact_match": Rate(value=with_memory.exact, of=with_memory.total),
        "f1": with_memory.f1,
        "exact_match_without_memory": Rate(value=without.exact, of=without.total),
        "f1_without_memory": without.f1,
    }


def _questions(options: QAOptions) -> tuple[list[Question], list[Question]]:
    """What is trained on, and what is asked."""
    train: list[Question] = []
    held_out: list[Question] = []
    for name in options.datasets:
        if name == "riddles":
            train += [one for talk in TALKS for one in riddles(RIDDLES, talk, options.seed)]
            held_out += [
                one for talk in TALKS for one in riddles(HELD_OUT // len(TALKS), talk, options.seed, held_out=True)
            ]
        elif name == "embedded" or name.endswith(".json"):
            read = read_squad(EMBEDDED if name == "embedded" else name)
            train += read
            held_out += read
        else:
            train += from_rows(rows(name, "train"))
            held_out += from_rows(rows(name, "validation"))
    return train, held_out


def _model(options: QAOptions, train: Sequence[Question]) -> tuple[Any, PreTrainedTokenizerBase]:
    """A model and its tokenizer: those of `model`, or small ones of their own."""
    if options.model is not None:
        return AutoModelForQuestionAnswering.from_pretrained(options.model), AutoTokenizer.from_pretrained(
            options.model
        )
    if options.backbone not in BACKBONES:
        raise UsageError(f"backbone is {options.backbone!r}: choose one of {', '.join(BACKBONES)}")
    is_small = options.profile == "ci"
    size = 512 if is_small else 8192
    tokenizer = vocabulary.learned((text for one in train for text in (one.text, one.context)), size)
    sizes: dict[str, Any] = {"hidden_dim": 64, "n_layer": 2, "n_head": 4, "d_inner": 128, "dropout": 0.0}
    fields = {
        **(sizes if is_small else {}),
        # XLNet's usual 0.02 is for widths of 768 and more: a narrow model hardly learns from there.
        "initializer_range": 0.1 if is_small else 0.02,
        "memory_slots": options.memory_slots,
        "vocab_size": len(tokenizer),
        "pad_token_id": vocabulary.PAD_ID,
        "bos_token_id": vocabulary.CLS_ID,
        "eos_token_id": vocabulary.SEP_ID,
    }
    if options.backbone == "memxlnet":
        return MemXLNetForQA(MemXLNetConfig(**fields)), tokenizer
    mixture: dict[str, Any] = {"num_memory_experts": options.experts, "routing_mode": options.routing_mode}
    return GMMXLNetForQA(GMMXLNetConfig(**fields, **mixture)), tokenizer
