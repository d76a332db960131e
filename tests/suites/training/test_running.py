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
from samedevice.suites.training import checkpoints
from samedevice.suites.training.qa import QAOptions, train_qa

SMALL = {"datasets": ("embedded",), "max_length": 64, "batch_size": 2, "max_steps": 7, "save_every": 2, "segments": 2}
PROGRAM = """
import os, signal, sys
from samedevice.suites.training import checkpoints, running
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
train_qa(QAOptions(output_dir=folder, **{options}))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nobody interrupted."""
    return train_qa(QAOptions(output_dir=str(tmp_path_factory.mktemp("whole")), **SMALL))


@pytest.mark.parametrize(("where", "kept"), [("in-a-step", 4), ("while-saving", 2)])
def test_after_sigkill_it_ends_with_the_same_weights(where, kept, whole, tmp_path):
    program = PROGRAM.replace("{options}", repr(SMALL))
    killed = subprocess.run([sys.executable, "-c", program, where, tmp_path], timeout=300, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    options = QAOptions(output_dir=str(tmp_path), resume=True, **SMALL)
    whole_ones = {int(mark.parent.name.rpartition("-")[2]) for mark in options.folder.glob("checkpoint-*/whole")}
    assert max(whole_ones) == kept
    resumed = train_qa(options)
    assert resumed.losses == whole.losses
    assert resumed.plain() == whole.plain()
    ours, theirs = (load_file(run.folder / "model" / "model.safetensors") for run in (resumed, whole))
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)


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


def test_a_finished_run_that_is_resumed_changes_nothing(whole):
    options = QAOptions(output_dir=str(whole.folder.parent), resume=True, **SMALL)
    again = train_qa(options)
    assert again.plain() == whole.plain()


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
