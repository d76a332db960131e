"""Transformers' Trainer, with the loss and the validation of discrete diffusion."""

import math
from typing import Any

import torch
from torch import Tensor
from transformers import Trainer, TrainingArguments

from ...models.diffusion import BijectiveDiffusionForDenoising, TextCorruptor, ensure_device_compatibility
from ...models.diffusion.bound import loss_at, random_timesteps
from .checkpoints import Marking
from .diffusion_options import DiffusionOptions
from .wikitext import Corpus

VALIDATION_SEED = 1
VALIDATION_BATCH = 16


class DiffusionTrainer(Trainer):
    """Corrupts each batch anew and scores the repair.

    The draws of a step come from a CPU generator seeded by the step's number, not from a state that is carried along:
    they are the same on every device, and after an interruption.
    """

    def __init__(self, model: Any, corruptor: TextCorruptor, arguments: TrainingArguments, corpus: Corpus) -> None:
        """The corruptor moves to where the Trainer has put the model."""
        rows = [{"input_ids": row} for row in corpus.train]
        super().__init__(model, arguments, train_dataset=rows, eval_dataset=corpus.validation, callbacks=[Marking()])
        self.corruptor = corruptor
        self.passes = 1
        ensure_device_compatibility(model, corruptor)

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """The total of `bound.denoising_loss`, in nats per token; there are no outputs to return beside it."""
        generator = torch.Generator(device="cpu").manual_seed(self.args.seed * 1_000_003 + self.state.global_step)
        clean_ids = inputs["input_ids"]
        timesteps = random_timesteps(self.corruptor, len(clean_ids), generator, stratified=True)
        noisy_ids = self.corruptor.corrupt(clean_ids, timesteps, generator=generator)
        loss = loss_at(model, self.corruptor, (clean_ids, noisy_ids), timesteps).total
        return (loss, {}) if return_outputs else loss

    def evaluate(
        self, eval_dataset: Any = None, ignore_keys: list[str] | None = None, metric_key_prefix: str = "eval"
    ) -> dict[str, float]:
        """The validation bound, in nats per token, and the perplexity that it bounds; logged as the Trainer's are."""
        bound = validation_bound(self.model, self.corruptor, self.eval_dataset, self.passes)  # type: ignore[arg-type]
        metrics = {f"{metric_key_prefix}_bound": bound, f"{metric_key_prefix}_perplexity": math.exp(bound)}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


@torch.no_grad()
def validation_bound(
    model: BijectiveDiffusionForDenoising, corruptor: TextCorruptor, windows: Tensor, passes: int
) -> float:
    """An estimate of the variational bound on -log p, in nats per token: the same draws at each call, on any device.

    `windows` int64 [N,L] are corrupted `passes` times, at timesteps spread evenly.
    """
    was_training = model.training
    model.eval()  # type: ignore[no-untyped-call]
    generator = torch.Generator(device="cpu").manual_seed(VALIDATION_SEED)
    total = 0.0
    for _ in range(passes):
        for batch in windows.split(VALIDATION_BATCH):  # type: ignore[no-untyped-call]
            clean_ids = batch.to(model.device)
            timesteps = random_timesteps(corruptor, len(batch), generator, stratified=True)
            noisy_ids = corruptor.corrupt(clean_ids, timesteps, generator=generator)
            total += loss_at(model, corruptor, (clean_ids, noisy_ids), timesteps).bound.item() * len(batch)
    model.train(was_training)
    return total / (passes * len(windows))


def arguments(options: DiffusionOptions, batches_per_epoch: int) -> TrainingArguments:
    """The Trainer's arguments. Raises `ValueError` if it would use another device than `options.device`.

    Epochs are told to the Trainer as steps: what it does after an epoch comes after the checkpoint of its last step,
    and would be lost to a training that is resumed from there.
    """
    made = TrainingArguments(
        output_dir=options.output_dir,
        use_cpu=options.device == "cpu",
        per_device_train_batch_size=options.batch_size,
        num_train_epochs=options.epochs,
        max_steps=options.max_steps,
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_steps,
        weight_decay=0.0,
        optim="adamw_torch",
        logging_steps=1,
        logging_nan_inf_filter=False,  # a batch that failed must be seen to
        eval_strategy="steps",
        eval_steps=batches_per_epoch,
        save_strategy="steps",
        save_steps=options.save_steps or batches_per_epoch,
        save_total_limit=2,
        activation_checkpointing=options.gradient_checkpointing,
        bf16=options.bf16,
        fp16=options.fp16,
        seed=options.seed,
        dataloader_pin_memory=False,
        remove_unused_columns=False,
        disable_tqdm=not options.progress,
        report_to="none",
    )
    if made.device.type != options.device:
        raise ValueError(
            f"device {options.device!r} was asked for and the Trainer would use {made.device}: "
            "is it there? Virtual ones need `with samedevice.virtual(...)`"
        )
    return made
