"""A run that was killed goes on from its last whole checkpoint and ends where it would have ended."""

import json
import signal
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForQuestionAnswering

from samedevice.harness.errors import UsageError
from samedevice.suites.training import checkpoints, running
from samedevice.suites.training.math import train_math
from samedevice.suites.training.options import TrainingOptions
from samedevice.suites.training.qa import QAOptions, train_qa

FEW = {"datasets": ("embedded",), "batch_size": 2, "max_steps": 7, "save_every": 2}
SMALL = {**FEW, "max_length": 64, "segments": 2}
TRAININGS = {"qa": (train_qa, QAOptions, SMALL), "math": (train_math, TrainingOptions, FEW)}
PROGRAM = """
import os, signal, sys
from samedevice.suites.training import checkpoints, running
from samedevice.suites.training.math import train_math
from samedevice.suites.training.options import TrainingOptions
from samedevice.suites.training.qa import QAOptions, train_qa

where, folder = sys.argv[1:3]
plain_save, plain_loss, met = checkpoints.Marking.on_save, running._Running.compute_loss, []

def on_save(self, args, state, control, **kwargs):
    if where == "while-saving" and state.global_step == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    plain_save(self, args, state, control, **kwargs)

def compute_loss(self, *args, **kwargs):
    met.append(1)
    if where == "in-a-step" and len(met) == 6:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain_loss(self, *args, **kwargs)

checkpoints.Marking.on_save, running._Running.compute_loss = on_save, compute_loss
{train}({kind}(output_dir=folder, **{options}))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nobody interrupted."""
    return train_qa(QAOptions(output_dir=str(tmp_path_factory.mktemp("whole")), **SMALL))


@pytest.fixture(scope="module")
def uninterrupted(whole, tmp_path_factory):
    """The same for each training."""
    math = train_math(TrainingOptions(output_dir=str(tmp_path_factory.mktemp("math")), **FEW))
    return {"qa": whole, "math": math}


def weights(run):
    return load_file(run.folder / "model" / "model.safetensors")


def are_equal(ours, theirs):
    return ours.keys() == theirs.keys() and all(torch.equal(ours[key], theirs[key]) for key in ours)


@pytest.mark.parametrize("name", TRAININGS)
@pytest.mark.parametrize(("where", "kept"), [("in-a-step", 4), ("while-saving", 2)])
def test_after_sigkill_it_ends_with_the_same_weights(name, where, kept, uninterrupted, tmp_path):
    train, kind, said = TRAININGS[name]
    words = {"{options}": repr(said), "{train}": train.__name__, "{kind}": kind.__name__}
    program = PROGRAM
    for word, value in words.items():
        program = program.replace(word, value)
    killed = subprocess.run([sys.executable, "-c", program, where, tmp_path], timeout=300, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    options = kind(output_dir=str(tmp_path), resume=True, **said)
    whole_ones = {int(mark.parent.name.rpartition("-")[2]) for mark in options.folder.glob("checkpoint-*/whole")}
    assert max(whole_ones) == kept
    resumed, whole = train(options), uninterrupted[name]
    assert resumed.losses == whole.losses
    assert resumed.plain() == whole.plain()
    assert are_equal(weights(resumed), weights(whole))


def test_a_run_leaves_what_it_says(whole):
    folder = whole.folder
    told = json.loads((folder / "metrics.json").read_text())
    assert told == whole.plain()
    assert len(told["losses"]) == told["steps"] == 7
    assert (folder / "before.json").exists()
    assert {path.name for path in folder.glob("checkpoint-*")} == {"checkpoint-6", "checkpoint-7"}
    loaded = AutoModelForQuestionAnswering.from_pretrained(folder / "model")
    assert all(torch.equal(value, whole.model.state_dict()[key]) for key, value in loaded.state_dict().items())
    assert not whole.model.training


@pytest.mark.parametrize("name", TRAININGS)
def test_a_finished_run_that_is_resumed_takes_no_step(name, uninterrupted, monkeypatch):
    """transformers' Trainer takes one more where it resumes a finished run within an epoch (docs/upstream-findings)."""
    train, kind, said = TRAININGS[name]
    whole = uninterrupted[name]
    left = weights(whole)

    def refused(*args, **kwargs):
        raise AssertionError("a step was taken")

    monkeypatch.setattr(running._Running, "compute_loss", refused)
    again = train(kind(output_dir=str(whole.folder.parent), resume=True, **said))
    assert again.plain() == whole.plain()
    assert are_equal(weights(again), left)


def test_a_folder_with_a_run_is_not_overwritten(whole):
    with pytest.raises(UsageError, match="holds a run already: go on with it"):
        train_qa(QAOptions(output_dir=str(whole.folder.parent), **SMALL))


def test_a_run_with_other_options_is_not_gone_on_with(whole):
    changed = {**SMALL, "max_steps": 9}
    with pytest.raises(UsageError, match="is another run: max_steps was 7 and is 9"):
        train_qa(QAOptions(output_dir=str(whole.folder.parent), resume=True, **changed))


def test_resuming_what_never_began_begins(tmp_path):
    options = QAOptions(output_dir=str(tmp_path), resume=True)
    assert checkpoints.prepare(options) is None
    assert not options.folder.exists()
    checkpoints.begin(options)
    assert checkpoints.prepare(options) is None
    assert json.loads((options.folder / "options.json").read_text()) == options.kept()
