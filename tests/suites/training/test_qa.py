"""The training for questions about long documents: the loss falls, and remembering is what answers them."""

import pytest
from scipy.stats import binomtest

from samedevice.harness.errors import UsageError
from samedevice.suites.training.options import TrainingOptions
from samedevice.suites.training.qa import QAOptions, curriculum, train_qa
from samedevice.suites.training.riddles import riddles
from samedevice.suites.training.segments import readings, window
from samedevice.suites.training.vocabulary import learned


def interval(rate):
    found = binomtest(rate.value, rate.of).proportion_ci(method="wilson")
    return found.low, found.high


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return train_qa(QAOptions(output_dir=str(tmp_path_factory.mktemp("qa"))))


@pytest.mark.filterwarnings("ignore")
def test_the_memory_answers_what_an_earlier_segment_said(trained):
    """Held-out riddles: with memory against without, the same model, 95 % intervals apart."""
    assert trained.losses[-1] < 0.2 * trained.losses[0]
    with_memory, without = trained.after["exact_match"], trained.after["exact_match_without_memory"]
    assert interval(with_memory)[0] > interval(without)[1]
    assert interval(with_memory)[0] > interval(trained.before["exact_match"])[1]
    assert with_memory.value >= 0.8 * with_memory.of


def test_the_curriculum_grows():
    asked = [one for talk in (0, 4, 7) for one in riddles(10, talk, 0)]
    tokenizer = learned(text for one in asked for text in (one.text, one.context))
    read = readings(asked, tokenizer, 28, late=True)
    order = curriculum(read, QAOptions(batch_size=4, max_steps=30, segments=4))
    assert len(order) == 120
    stages = [stage for _, stage in order]
    assert stages == sorted(stages)
    assert set(stages) == {2, 3, 4}
    assert all(window(one, stage) == slice(0, one.length) for one, stage in order)
    assert {one.length for one, stage in order if stage == 4} == {2, 3, 4}
    assert order == curriculum(read, QAOptions(batch_size=4, max_steps=30, segments=4))
    assert order != curriculum(read, QAOptions(batch_size=4, max_steps=30, segments=4, seed=1))


@pytest.mark.parametrize("backbone", ["memxlnet", "gmmxlnet"])
def test_squad_as_it_is_with_the_question_in_every_segment(backbone, tmp_path):
    options = {"datasets": ("embedded",), "max_length": 64, "batch_size": 4, "max_steps": 12, "late": False}
    outcome = train_qa(QAOptions(output_dir=str(tmp_path), backbone=backbone, experts=2, **options))
    assert outcome.model.config.model_type == backbone
    assert outcome.losses[-1] < outcome.losses[0]
    assert outcome.after["exact_match"].of == 30


def test_a_trained_model_is_trained_further(tmp_path):
    small = {"datasets": ("embedded",), "max_length": 64, "batch_size": 2, "max_steps": 2}
    first = train_qa(QAOptions(output_dir=str(tmp_path), experiment_name="first", **small))
    start = str(first.folder / "model")
    second = train_qa(QAOptions(output_dir=str(tmp_path), experiment_name="second", model=start, **small))
    assert second.before == first.after


def test_precision_checkpointing_and_the_shared_options_alone(tmp_path):
    options = {"datasets": ("embedded",), "max_length": 64, "batch_size": 2, "max_steps": 2}
    plain = train_qa(TrainingOptions(output_dir=str(tmp_path / "plain"), **options))
    frugal = train_qa(TrainingOptions(output_dir=str(tmp_path / "frugal"), gradient_checkpointing=True, **options))
    assert frugal.losses == plain.losses
    half = train_qa(TrainingOptions(output_dir=str(tmp_path / "half"), precision="bf16", **options))
    assert half.losses != plain.losses
    assert half.losses == pytest.approx(plain.losses, abs=0.1)


def test_bad_words_are_told(tmp_path):
    with pytest.raises(UsageError, match="backbone is 'gpt2': choose one of memxlnet, gmmxlnet"):
        train_qa(QAOptions(output_dir=str(tmp_path), backbone="gpt2"))
    with pytest.raises(UsageError, match=r"cannot read nowhere.json"):
        train_qa(QAOptions(output_dir=str(tmp_path / "2"), datasets=("nowhere.json",)))
