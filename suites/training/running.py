"""Running a training: transformers' Trainer over a fixed order of examples, deterministic and resumable."""

import json
import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import SequentialSampler
from transformers import PreTrainedTokenizerBase, PrinterCallback, Trainer, TrainingArguments

from ...harness.bars import no_bars
from .checkpoints import Marking, begin, prepare, write_json
from .options import TrainingOptions
from .outcome import Outcome, Score, from_plain, plain_score

BEFORE, METRICS, MODEL = "before.json", "metrics.json", "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is trained: a model, its examples in the order in which they are met, a loss, an evaluation.

    `examples` are enough for all steps. `collate` makes a batch of some of them, `loss` takes the model and that batch
    on the model's device, `evaluate` takes the model and leaves it as it was.
    """

    name: str
    model: Any
    tokenizer: PreTrainedTokenizerBase
    examples: Sequence[Any]
    collate: Callable[[list[Any]], dict[str, Tensor]]
    loss: Callable[[Any, dict[str, Tensor]], Tensor]
    evaluate: Callable[[Any], Score]


class _Running(Trainer):
    """The Trainer with a task's loss, and its examples in their order."""

    task: Task

    def compute_loss(self, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The loss of a batch."""
        return self.task.loss(model, inputs)

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        return SequentialSampler(self.task.examples)


def steps_of(options: TrainingOptions, examples: int) -> int:
    """How many optimizer steps are asked for, of `examples` examples in an epoch."""
    if options.max_steps is not None:
        return options.max_steps
    return (options.epochs or 1) * math.ceil(examples / (options.batch_size or 1))


def run(build: Callable[[], Task], options: TrainingOptions) -> Outcome:
    """Train what `build` builds, or go on with it, and keep the outcome in the run's folder.

    The folder holds the options, checkpoints, `before.json`, the trained `model` and `metrics.json`. The same options
    on the same device give the same weights, bit for bit, also where the process was killed and resumed. Raises
    `UsageError` where the folder holds another run.
    """
    checkpoint = prepare(options)
    with nullcontext() if options.progress else no_bars():
        torch.manual_seed(options.seed)
        task = build()
        begin(options)
        trainer = _trainer(task, options)
        before = _before(task, options.folder)
        trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
        task.model.eval()
        trainer.save_model(str(options.folder / MODEL))
        outcome = Outcome(
            training=task.name,
            device=str(trainer.args.device),
            losses=tuple(entry["loss"] for entry in trainer.state.log_history if "loss" in entry),
            before=before,
            after=task.evaluate(task.model),
            folder=options.folder,
            model=task.model,
        )
    write_json(options.folder / METRICS, outcome.plain())
    return outcome


def _before(task: Task, folder: Path) -> Score:
    """The evaluation of the untrained model: made once, and kept for a run that goes on."""
    file = folder / BEFORE
    if not file.exists():
        write_json(file, plain_score(task.evaluate(task.model)))
    kept: Score = from_plain(json.loads(file.read_text()))
    return kept


def _trainer(task: Task, options: TrainingOptions) -> Trainer:
    steps = len(task.examples) // int(options.batch_size or 1)
    arguments = TrainingArguments(
        output_dir=str(options.folder),
        per_device_train_batch_size=int(options.batch_size or 1),
        max_steps=steps,
        learning_rate=float(options.learning_rate or 0),
        warmup_steps=min(50, steps // 10),
        weight_decay=0.01,
        activation_checkpointing=options.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False} if options.gradient_checkpointing else None,
        fp16=options.precision == "fp16",
        bf16=options.precision == "bf16",
        seed=options.seed,
        use_cpu=options.device == "cpu",
        save_steps=options.save_every,
        save_total_limit=2,
        logging_steps=1,
        logging_nan_inf_filter=False,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        disable_tqdm=not options.progress,
        report_to=[],
    )
    # One device, whatever the machine has: `DataParallel` would cut each batch, and memories with it.
    arguments._n_gpu = min(1, arguments.n_gpu)
    trainer = _Running(
        model=task.model,
        args=arguments,
        train_dataset=list(task.examples),
        data_collator=task.collate,
        processing_class=task.tokenizer,
        callbacks=[Marking()],
    )
    trainer.task = task
    if not options.progress:
        trainer.remove_callback(PrinterCallback)
    return trainer
