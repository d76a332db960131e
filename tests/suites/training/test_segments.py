import pytest
import torch

from samedevice.suites.training import vocabulary
from samedevice.suites.training.riddles import riddles
from samedevice.suites.training.segments import ELSEWHERE, batch_of, readings, window
from samedevice.suites.training.squad import Answer, Question

LENGTH = 28
RIDDLES = list(riddles(20, 4, 0))


@pytest.fixture(scope="module")
def tokenizer():
    return vocabulary.learned(text for one in RIDDLES for text in (one.text, one.context))


def marked(reading, n):
    """The characters of the document that segment n calls the answer."""
    first, last = int(reading.starts[n]), int(reading.ends[n])
    return reading.question.context[int(reading.spans[n, first, 0]) : int(reading.spans[n, last, 1])]


@pytest.mark.parametrize("late", [True, False])
def test_the_segments_are_the_document_in_order(late, tokenizer):
    for reading in readings(RIDDLES, tokenizer, LENGTH, late=late):
        assert reading.input_ids.shape == (reading.length, LENGTH)
        spans = [(b, e) for n in range(reading.length) for b, e in reading.spans[n].tolist() if b >= 0]
        assert spans == sorted(spans)
        covered = "".join(reading.question.context[b:e] for b, e in spans)
        assert covered == reading.question.context.replace(" ", "")


def test_every_segment_asks_and_marks_the_answer_it_holds(tokenizer):
    for reading in readings(RIDDLES, tokenizer, LENGTH, late=False):
        assert (reading.attention_mask.sum(-1) >= 9).all()
        said = [marked(reading, n) for n in range(reading.length) if reading.starts[n] != reading.nulls[n]]
        assert said
        assert set(said) == {reading.question.answers[0].text}
        for n in range(reading.length):
            holds = any(
                reading.spans[n][reading.spans[n][:, 0] >= 0][0, 0] <= answer.start
                and answer.end <= reading.spans[n].max()
                for answer in reading.question.answers
            )
            assert holds == (reading.starts[n] != reading.nulls[n])


def test_a_late_question_is_seen_in_the_last_segment_alone(tokenizer):
    for reading in readings(RIDDLES, tokenizer, LENGTH, late=True):
        question = reading.token_type_ids[:-1] == 0
        visible = (reading.attention_mask[:-1].bool() & question).sum(-1)
        # [CLS] and [SEP] stay, the question between them is hidden, as is padding.
        assert visible.tolist() == [2] * (reading.length - 1)
        assert reading.starts[:-1].tolist() == [ELSEWHERE] * (reading.length - 1)
        assert marked(reading, -1) == reading.question.answers[0].text
        assert int(reading.attention_mask[-1].sum()) == LENGTH
        first = reading.spans[0][reading.spans[0, :, 0] >= 0]
        assert reading.question.answers[1].end <= int(first.max())


def test_an_answer_of_several_words_and_none(tokenizer):
    context = "Nobody had read the letter yet."
    several = Question(name="1", text="Who?", context=context, answers=(Answer(text="read the letter", start=11),))
    none = Question(name="2", text="Who?", context=context, answers=())
    first, second = readings([several, none], tokenizer, LENGTH, late=False)
    assert marked(first, 0) == "read the letter"
    assert int(second.starts[0]) == int(second.ends[0]) == int(second.nulls[0]) == 0


def test_a_window_ends_where_the_answer_is(tokenizer):
    (reading,) = readings(RIDDLES[:1], tokenizer, LENGTH, late=True)
    assert reading.length >= 3
    assert window(reading, 99) == slice(0, reading.length)
    assert window(reading, 2) == slice(reading.length - 2, reading.length)
    (early,) = readings(RIDDLES[:1], tokenizer, LENGTH, late=False)
    assert window(early, 1) == slice(0, 1)


def test_a_batch_ends_shorter_documents_early(tokenizer):
    short, long = readings([next(riddles(1, 0, 0)), RIDDLES[0]], tokenizer, LENGTH, late=True)
    batch = batch_of([short, long], 9)
    assert batch["input_ids"].shape == (2, long.length, LENGTH)
    assert torch.equal(batch["input_ids"][0, : short.length], short.input_ids)
    assert not batch["attention_mask"][0, short.length :].any()
    assert batch["starts"][0, short.length :].tolist() == [ELSEWHERE] * (long.length - short.length)
    assert batch_of([short, long], 1)["input_ids"].shape == (2, 1, LENGTH)
