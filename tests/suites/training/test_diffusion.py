import json
import subprocess
import sys
from dataclasses import asdict

import pytest
import torch
from huggingface_hub import ModelCard
from safetensors.torch import load_file
from transformers import AutoModelForMaskedLM

import samedevice
from samedevice.models.diffusion import BijectiveDiffusionForDenoising
from samedevice.suites.training.checkpoints import last_whole
from samedevice.suites.training.diffusion import train
from samedevice.suites.training.diffusion_options import options_for

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:multiprocessing")

# Trains in a process of its own, and dies in it by SIGKILL: in a step, or before a checkpoint is written and marked.
KILLED = """
import json, os, signal, sys
from samedevice.suites.training import diffusion, diffusion_trainer
from samedevice.suites.training.diffusion_options import DiffusionOptions

where, step = sys.argv[2:]
trainer = diffusion_trainer.Marking if where == "on_save" else diffusion_trainer.DiffusionTrainer
method = getattr(trainer, where)

def deadly(self, *args, **kwargs):
    state = args[1] if where == "on_save" else self.state
    if state.global_step == int(step):
        os.kill(os.getpid(), signal.SIGKILL)
    return method(self, *args, **kwargs)

setattr(trainer, where, deadly)
diffusion.train(DiffusionOptions(**json.loads(sys.argv[1])))
"""


def weights(folder):
    return load_file(folder / "model" / "model.safetensors")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The ci profile's training, run once on the CPU."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, train(options_for("ci", folder))


def test_the_seeds_bar(whole):
    _, outcome = whole
    assert (outcome.batches_succeeded, outcome.batches) == (375, 375)
    assert outcome.loss_fall >= 0.34
    first, second, third = outcome.epoch_losses
    assert first > second > third
    bounds = outcome.perplexity_bounds
    assert list(bounds) == sorted(bounds, reverse=True)
    assert len(bounds) == 4
    assert bounds[-1] < bounds[0] / 10


def test_generation_changes_tokens_and_restores_more_than_before(whole):
    _, outcome = whole
    assert outcome.after.noise_change_rate == 1
    # Absorbing: every masked token changes, and no other.
    assert outcome.after.repair_change_rate * 4 * 64 == outcome.after.corrupted > 100
    assert outcome.after.restored > outcome.before.restored + 5
    assert outcome.after.sample != outcome.before.sample


def test_what_a_training_leaves_behind(whole):
    folder, outcome = whole
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["losses"] == list(outcome.losses)
    assert (metrics["batches_succeeded"], metrics["is_virtual"], metrics["device"]) == (375, False, "cpu")
    assert (folder / "loss.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    model = AutoModelForMaskedLM.from_pretrained(folder / "model")
    assert type(model) is BijectiveDiffusionForDenoising
    assert model.num_parameters() == outcome.parameters
    card = ModelCard.load(folder / "model" / "README.md")
    assert "d3pm" in card.data.tags
    assert f"{outcome.parameters:,} parameters" in card.text


def test_a_finished_training_is_not_trained_again(whole):
    folder, outcome = whole
    before = weights(folder)
    again = train(options_for("ci", folder, plot=False))
    assert again == outcome
    assert all(torch.equal(value, before[name]) for name, value in weights(folder).items())


@pytest.mark.parametrize("corruption", ["absorbing", "uniform"])
def test_virtual_devices_learn_what_the_cpu_learns(tiny, tmp_path, corruption):
    expected = train(tiny(tmp_path / "cpu", corruption=corruption))
    assert (len(expected.losses), expected.batches_succeeded) == (8, 8)
    for kind in ("cuda", "mps"):
        with samedevice.virtual(kind):
            found = train(tiny(tmp_path / kind, corruption=corruption, device=kind))
        assert (found.device, found.is_virtual) == (f"{kind}:0", True)
        told = {"device": "", "is_virtual": None}
        assert {**asdict(found), **told} == {**asdict(expected), **told}
        states = weights(tmp_path / kind), weights(tmp_path / "cpu")
        assert all(torch.equal(states[0][name], value) for name, value in states[1].items())


@pytest.mark.parametrize(
    ("where", "step", "kept"), [("compute_loss", 5, 4), ("_save_rng_state", 6, 4), ("on_save", 6, 4)]
)
def test_killed_it_goes_on_to_the_same_weights(tiny, tmp_path, where, step, kept):
    expected = train(tiny(tmp_path / "whole"))
    cut = tiny(tmp_path / "cut", save_steps=2)
    command = [sys.executable, "-c", KILLED, json.dumps(asdict(cut)), where, str(step)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == -9, done.stderr
    assert last_whole(tmp_path / "cut").name == "checkpoint-4"
    assert not (tmp_path / "cut" / "metrics.json").exists()
    assert train(cut) == expected
    states = weights(tmp_path / "cut"), weights(tmp_path / "whole")
    assert set(states[0]) == set(states[1])
    assert all(torch.equal(states[0][name], value) for name, value in states[1].items())


def test_other_options_in_the_same_folder_are_refused(tiny, tmp_path):
    train(tiny(tmp_path))
    left = weights(tmp_path)
    with pytest.raises(ValueError, match=r"holds a training with length=16, seed=0: give the same, or another"):
        train(tiny(tmp_path, length=32, seed=1))
    assert all(torch.equal(value, left[name]) for name, value in weights(tmp_path).items())


def test_another_seed_is_another_training(tiny, tmp_path):
    first, second = (train(tiny(tmp_path / str(seed), seed=seed)) for seed in (0, 1))
    assert first.losses != second.losses
    assert first.validation_bounds[0] != second.validation_bounds[0]


@pytest.mark.parametrize("options", [{"bf16": True}, {"gradient_checkpointing": True}], ids=str)
def test_options_of_the_trainer(tiny, tmp_path, options):
    plain, changed = (
        train(tiny(tmp_path / name, max_steps=3, **given)) for name, given in (("plain", {}), ("changed", options))
    )
    assert changed.batches_succeeded == changed.batches == 3
    torch.testing.assert_close(torch.tensor(changed.losses), torch.tensor(plain.losses), rtol=0.05, atol=0)


def test_a_loss_that_is_not_finite_is_a_batch_that_failed(tiny, tmp_path):
    outcome = train(tiny(tmp_path, learning_rate=1e30, max_steps=4))
    assert outcome.batches == len(outcome.losses) == 4
    assert 1 <= outcome.batches_succeeded < 4


def test_a_device_that_is_not_there_is_refused(tiny, tmp_path):
    with pytest.raises(ValueError, match=r"device 'cuda' was asked for and the Trainer would use cpu: is it there\?"):
        train(tiny(tmp_path, device="cuda"))


def test_an_unknown_profile_is_refused(tmp_path):
    with pytest.raises(ValueError, match="profile 'fast' is unknown: choose one of seed, ci"):
        options_for("fast", tmp_path)


def test_without_matplotlib_a_plot_is_refused_before_training(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ValueError, match=r"pip install 'samedevice\[train\]', or train with plot=False"):
        train(tiny(tmp_path, plot=True))
    assert not list(tmp_path.iterdir())


def test_the_seed_profile_is_the_seeds_size(tmp_path):
    options = options_for("seed", tmp_path)
    with torch.device("meta"):
        model = BijectiveDiffusionForDenoising(options.config())
    assert 12_500_000 < model.num_parameters() < 13_500_000
    assert options.epochs * options.batches_per_epoch == 375


def test_an_epoch_that_was_only_begun_is_validated_too(tiny, tmp_path):
    outcome = train(tiny(tmp_path, max_steps=6))
    assert [len(outcome.losses), len(outcome.epoch_losses), len(outcome.validation_bounds)] == [6, 2, 3]
    assert train(tiny(tmp_path, max_steps=6)) == outcome
