"""The trainings from the command line: `samedevice train`."""

import json
import sys

import pytest

from samedevice.harness import catalog
from samedevice.harness.cli import main
from samedevice.suites.training import MATH, QA
from samedevice.suites.training.doors import _fitting
from samedevice.suites.training.options import TrainingOptions

QA_WORDS = ["train", "qa", "--datasets", "embedded", "--max-length", "64", "--max-steps", "3", "--batch-size", "2"]


@pytest.fixture
def say(tmp_path, capsys):
    def said(*words):
        code = main([*words, "--output-dir", str(tmp_path)])
        return code, capsys.readouterr()

    return said


def test_they_are_found_by_entry_point():
    assert {"math", "qa"} <= set(catalog.training_names())
    assert catalog.training("qa") is QA
    assert catalog.training("math") is MATH


@pytest.mark.filterwarnings("ignore")
def test_a_training_leaves_metrics_a_plot_and_a_report(say, tmp_path):
    own = ["--backbone", "gmmxlnet", "--set", "experts=2", "--set", "routing-mode=read-based", "--set", "late=false"]
    report = tmp_path / "report.json"
    code, told = say(*QA_WORDS, *own, "--device", "virtual:cuda", "--lora", "--bf16", "--json", str(report))
    assert code == 0
    assert "evaluation before and after, on cuda:0 (virtual)" in told.out
    assert "\nqa          exact match " in told.out
    assert "cuda:0 (virtual)" in told.out
    folder = tmp_path / "run"
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads((folder / "metrics.json").read_text())["losses"]) == 3
    options = json.loads((folder / "options.json").read_text())
    assert (options["experts"], options["routing_mode"], options["late"]) == (2, "read-based", False)
    (cell,) = json.loads(report.read_text())["cells"]
    assert (cell["target"], cell["check"], cell["status"]) == ("qa", "train", "pass")
    assert {"loss_first", "loss_last", "exact_match_after", "exact_match_after_of"} <= set(cell["measures"])


def test_it_resumes_and_does_not_overwrite(say):
    assert say(*QA_WORDS)[0] == 0
    code, told = say(*QA_WORDS)
    assert (code, told.err.count("\n")) == (2, 1)
    assert "holds a run already: go on with it (resume)" in told.err
    assert say(*QA_WORDS, "--resume")[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "qua"], "unknown training 'qua', did you mean 'qa'?"),
        (["train", "qa", "--set", "expert=2"], "this training has no option 'expert', did you mean 'experts'?"),
        (["train", "qa", "--set", "experts=two"], "experts is 'two': give a whole number"),
        (["train", "qa", "--set", "late=2"], "late is '2': give true or false"),
        (["train", "math", "--set", "batch-size=0"], "batch_size is 0: give 1 or more"),
        (["train", "math", "--set", "learning-rate=fast"], "learning_rate is 'fast': give a number"),
        (["train", "qa", "--set", "late"], "'late' is not of the form NAME=VALUE"),
        (["train", "math", "--set", "experts=2"], "this training has no option 'experts'"),
        (["train", "math", "--pe", "rop"], "position encoding 'rop' is unknown"),
        (["train", "math", "--fp16"], "precision fp16 scales losses"),
        (["train", "math", "--device", "real:mps"], "no real mps:0 on this machine"),
        (["train", "math", "--device", "tpu"], "'tpu'"),
    ],
    ids=lambda value: " ".join(value[1:]) if isinstance(value, list) else "",
)
def test_wrong_words_are_one_line(words, message, say, tmp_path):
    code, told = say(*words)
    assert (code, told.out) == (2, "")
    assert told.err.count("\n") == 1
    assert message in told.err
    assert list(tmp_path.iterdir()) == []


def test_text_becomes_what_the_field_holds():
    words = {"max_steps": "3", "learning_rate": "2e-5", "datasets": "a,b", "model": "3", "lora": "true", "seed": 1}
    assert _fitting(TrainingOptions, words) == {
        "max_steps": 3,
        "learning_rate": 2e-5,
        "datasets": ("a", "b"),
        "model": "3",
        "lora": True,
        "seed": 1,
    }


def test_without_matplotlib_it_says_so_before_it_trains(say, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    code, told = say(*QA_WORDS)
    assert code == 2
    assert "pip install 'samedevice[train]'" in told.err
    assert list(tmp_path.iterdir()) == []
