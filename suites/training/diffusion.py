"""The training of the bijective diffusion model: seed 001's, on any device."""

import json
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, TrainerState

from ...harness.virtual.session import current
from ...models.diffusion import (
    BijectiveDiffusionForDenoising,
    NoiseScheduler,
    TextCorruptor,
    create_device_aware_corruptor,
    denoise,
    generate,
)
from ...models.diffusion.model_card import model_card
from ...models.diffusion.sampling import token_change_rate
from ...models.tokenizer import byte_tokenizer
from .checkpoints import OPTIONS, last_whole, write_json
from .diffusion_options import DiffusionOptions
from .diffusion_outcome import DiffusionOutcome, Generated, require_plots, write_metrics, write_plot
from .diffusion_trainer import DiffusionTrainer, arguments, validation_bound
from .wikitext import Corpus, corpus

GENERATION_SEED = 2
GENERATED_TEXTS = 4


def train(options: DiffusionOptions) -> DiffusionOutcome:
    """Train, or go on with a training that was interrupted in the same `output_dir`, and say what it came to.

    Leaves `metrics.json`, `loss.png` and the folder `model` (weights, config, README.md) in `output_dir`, beside the
    Trainer's last two checkpoints. An interrupted training goes on from the last complete one, to the same weights as
    without the interruption on the same device. Raises `ValueError` before anything is computed for options that
    cannot be: sizes, device, dataset, or others than those with which this `output_dir` was begun.
    """
    if options.plot:
        require_plots()
    trainer, texts = _prepared(options)
    model: BijectiveDiffusionForDenoising = trainer.model  # type: ignore[assignment]
    start = validation_bound(model, trainer.corruptor, texts.validation, options.validation_passes)
    before = _generated(model, trainer.corruptor, texts)
    state = _trained(trainer, Path(options.output_dir))
    history: list[dict[str, Any]] = state.log_history
    outcome = DiffusionOutcome(
        device=str(model.device),
        is_virtual=current() is not None and model.device.type != "cpu",
        parameters=model.num_parameters(),
        batches=state.max_steps,
        losses=tuple(entry["loss"] for entry in history if "loss" in entry),
        batches_per_epoch=_batches(texts, options),
        validation_bounds=(start, *(entry["eval_bound"] for entry in history if "eval_bound" in entry)),
        before=before,
        after=_generated(model, trainer.corruptor, texts),
    )
    _leave(model, outcome, options)
    return outcome


def _prepared(options: DiffusionOptions) -> tuple[DiffusionTrainer, Corpus]:
    """Everything that a training needs, on its device; the options are compared with those of `output_dir`."""
    config = options.config()
    most = None if options.batches_per_epoch is None else options.batches_per_epoch * options.batch_size
    texts = corpus(options.dataset, options.length, options.stride, most)
    asked = arguments(options, _batches(texts, options))
    _same_as_before(options, Path(options.output_dir))
    scheduler = NoiseScheduler(config.num_timesteps, config.schedule, device="cpu")
    trainer = DiffusionTrainer(_fresh(options), create_device_aware_corruptor(config, scheduler), asked, texts)
    trainer.passes = options.validation_passes
    if not options.progress:
        trainer.remove_callback(PrinterCallback)
    return trainer, texts


def _trained(trainer: DiffusionTrainer, folder: Path) -> TrainerState:
    """Train to the end, from the last checkpoint if there is one."""
    checkpoint = last_whole(folder)
    if checkpoint is None:
        trainer.train()
        return trainer.state
    state: TrainerState = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
    if state.global_step < state.max_steps:
        trainer.train(resume_from_checkpoint=str(checkpoint))
        return trainer.state
    # Resumed at its end in the middle of an epoch, the Trainer would take one step more.
    finished = BijectiveDiffusionForDenoising.from_pretrained(checkpoint)
    trainer.model.load_state_dict(finished.state_dict())  # type: ignore[union-attr]
    return state


def _batches(texts: Corpus, options: DiffusionOptions) -> int:
    """Batches in an epoch, the last one perhaps smaller."""
    return -(-len(texts.train) // options.batch_size)


def _fresh(options: DiffusionOptions) -> BijectiveDiffusionForDenoising:
    """A model whose weights depend on the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(options.seed)
        return BijectiveDiffusionForDenoising(options.config())


def _same_as_before(options: DiffusionOptions, folder: Path) -> None:
    """Remember the options in the folder, or compare them with those remembered there."""
    file = folder / OPTIONS
    told = json.loads(json.dumps(options.decisive()))
    if file.is_file():
        known = json.loads(file.read_text("utf-8"))
        changed = [name for name in told if known.get(name) != told[name]]
        if changed:
            was = ", ".join(f"{name}={known.get(name)!r}" for name in changed)
            raise ValueError(f"{folder} holds a training with {was}: give the same, or another output_dir")
    folder.mkdir(parents=True, exist_ok=True)
    write_json(file, told)


def _generated(model: BijectiveDiffusionForDenoising, corruptor: TextCorruptor, texts: Corpus) -> Generated:
    """Texts from noise, and validation texts repaired from half the corruption; the same draws on every device."""
    was_training = model.training
    model.eval()  # type: ignore[no-untyped-call]
    generator = torch.Generator(device="cpu").manual_seed(GENERATION_SEED)
    clean = texts.validation[:GENERATED_TEXTS].to(model.device)
    made = generate(model, corruptor, (1, clean.shape[1]), generator)
    half = max(1, corruptor.scheduler.num_timesteps // 2)
    noisy = corruptor.corrupt(clean, torch.full((len(clean),), half, device=clean.device), generator=generator)
    repaired = denoise(model, corruptor, noisy, half, generator=generator)
    model.train(was_training)
    corrupted = noisy != clean
    return Generated(
        noise_change_rate=made.change_rate,
        repair_change_rate=token_change_rate(noisy, repaired.ids),
        corrupted=int(corrupted.sum()),
        restored=int((corrupted & (repaired.ids == clean)).sum()),
        sample=str(byte_tokenizer().decode(made.ids[0].tolist(), skip_special_tokens=True)),
    )


def _leave(model: BijectiveDiffusionForDenoising, outcome: DiffusionOutcome, options: DiffusionOptions) -> None:
    """Write everything that a training leaves behind."""
    folder = Path(options.output_dir)
    model.save_pretrained(folder / "model")
    (folder / "model" / "README.md").write_text(
        model_card(options.config(), outcome.parameters, options.dataset), "utf-8"
    )
    write_metrics(outcome, folder / "metrics.json")
    if options.plot:
        write_plot(outcome, folder / "loss.png")
