import pytest

from samedevice.harness.errors import UsageError
from samedevice.suites.training.options import TrainingOptions, chosen
from samedevice.suites.training.qa import QAOptions


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"precision": "fp8"}, "precision is 'fp8': choose one of fp32, fp16, bf16"),
        ({"profile": "large"}, "profile is 'large': choose one of ci, seed"),
        ({"device": "tpu"}, "device is 'tpu': choose one of cpu, cuda, mps, xpu"),
        ({"batch_size": 0}, "batch_size is 0: give 1 or more"),
        ({"max_steps": -1}, "max_steps is -1: give 1 or more"),
        ({"learning_rate": 2.0}, "learning_rate is 2.0: give a number between 0 and 1"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"precision": "fp16"}, "precision fp16 .* on the cpu use bf16"),
        ({"experiment_name": "../up"}, "experiment_name is '../up': give a plain name"),
        ({"experiment_name": ""}, "experiment_name is ''"),
    ],
    ids=str,
)
def test_what_cannot_be_run_is_told(said, message):
    with pytest.raises(UsageError, match=message):
        TrainingOptions(**said)


def test_what_was_said_stands_before_what_is_usual():
    options = chosen(QAOptions(batch_size=3, late=False), batch_size=9, max_steps=5, datasets=("riddles",))
    assert (options.batch_size, options.max_steps, options.datasets, options.late) == (3, 5, ("riddles",), False)


def test_a_continuation_may_be_elsewhere_and_show_more():
    there, here = QAOptions(output_dir="a", resume=True, progress=True, device="cuda"), QAOptions(output_dir="b")
    assert there.kept() == here.kept()
    assert QAOptions(seed=1).kept() != here.kept()
