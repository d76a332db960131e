"""The diffusion training under the words of all trainings."""

import json

import pytest

import samedevice
from samedevice.harness.errors import UsageError
from samedevice.suites.training.diffusion_options import PROFILES
from samedevice.suites.training.diffusion_run import DiffusionRun, train_diffusion
from samedevice.suites.training.outcome import Rate


def test_what_is_not_said_is_what_the_profile_says(tmp_path):
    options = DiffusionRun(output_dir=str(tmp_path), experiment_name="a", max_length=32, corruption="uniform").options()
    assert (options.length, options.corruption, options.output_dir) == (32, "uniform", str(tmp_path / "a"))
    assert (options.hidden_size, options.learning_rate) == (
        PROFILES["ci"]["hidden_size"],
        PROFILES["ci"]["learning_rate"],
    )
    assert DiffusionRun(profile="seed", precision="bf16").options().bf16


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"datasets": ("a", "b")}, "datasets are a, b: the diffusion training reads one"),
        ({"precision": "fp8"}, "precision is 'fp8': choose one of fp32, fp16, bf16"),
        ({"device": "tpu"}, "device is 'tpu': choose one of cpu, cuda, mps, xpu"),
        ({"profile": "huge"}, "profile is 'huge': choose one of ci, seed"),
        ({"batch_size": 0}, "batch_size is 0: give 1 or more"),
        ({"max_steps": -5}, "max_steps is -5: give 1 or more"),
        ({"experiment_name": "../up"}, "experiment_name is '../up': give a plain name"),
        ({"precision": "fp16"}, "precision fp16 .* on the cpu use bf16"),
    ],
)
def test_wrong_words(tmp_path, fields, words):
    with pytest.raises(UsageError, match=words):
        train_diffusion(DiffusionRun(output_dir=str(tmp_path), **fields))


def test_it_trains_stops_and_goes_on(tmp_path, capfd):
    run = {"output_dir": str(tmp_path), "max_steps": 2, "batch_size": 2, "max_length": 16}
    with samedevice.virtual("cuda"):
        outcome = train_diffusion(DiffusionRun(device="cuda", **run))
        assert str(outcome.model.device) == "cuda:0"
    assert len(outcome.losses) == 2
    assert capfd.readouterr() == ("", "")
    assert isinstance(outcome.after["restored"], Rate)
    assert outcome.before["perplexity_bound"] > 1
    kept = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert kept["losses"] == list(outcome.losses)
    with pytest.raises(UsageError, match="go on with --resume"):
        train_diffusion(DiffusionRun(**run))
    with samedevice.virtual("cuda"):
        again = train_diffusion(DiffusionRun(device="cuda", resume=True, **run))
    assert again.losses == outcome.losses
