"""The loop over segments, against one written out, and answers against a search through every span."""

import pytest
import torch

from samedevice.models import tiny_memxlnet
from samedevice.suites.training import vocabulary
from samedevice.suites.training.reading import LONGEST_ANSWER, answers, document_loss, evaluate
from samedevice.suites.training.riddles import riddles
from samedevice.suites.training.segments import batch_of, readings

RIDDLES = [*riddles(3, 4, 0), *riddles(2, 0, 0)]


@pytest.fixture(scope="module")
def tokenizer():
    return vocabulary.learned((text for one in RIDDLES for text in (one.text, one.context)), 400)


@pytest.fixture(scope="module")
def model(tokenizer):
    torch.manual_seed(0)
    return tiny_memxlnet.mixture(2, "read-based", vocab_size=len(tokenizer)).eval()


@pytest.fixture(params=[True, False], ids=["late", "always"])
def read(request, tokenizer):
    return readings(RIDDLES, tokenizer, 28, late=request.param)


def outputs(model, reading, remember):
    memory = model.get_initial_memory(1)
    for n in range(reading.length):
        output = model(
            input_ids=reading.input_ids[n : n + 1],
            attention_mask=reading.attention_mask[n : n + 1],
            token_type_ids=reading.token_type_ids[n : n + 1],
            memory_state=memory,
        )
        memory = output.memory_state if remember else model.get_initial_memory(1)
        yield output


@pytest.mark.parametrize("remember", [True, False])
def test_the_loss_is_the_mean_over_all_labels_of_all_segments(remember, model, read):
    losses = []
    for reading in read:
        for n, output in enumerate(outputs(model, reading, remember)):
            if reading.starts[n] >= 0:
                start = -output.start_logits.log_softmax(-1)[0, reading.starts[n]]
                end = -output.end_logits.log_softmax(-1)[0, reading.ends[n]]
                losses.append((start + end) / 2)
    found = document_loss(model, batch_of(read, 9), remember=remember)
    torch.testing.assert_close(found, torch.stack(losses).mean())


def test_memory_carries_gradients_to_the_first_segment(model, tokenizer):
    read = readings(RIDDLES[:1], tokenizer, 28, late=True)
    model.zero_grad()
    document_loss(model, batch_of(read, 9)).backward()
    first_only = set(read[0].input_ids[0].tolist()) - set(read[0].input_ids[1:].flatten().tolist())
    first_only.discard(vocabulary.PAD_ID)
    assert first_only
    gradient = model.transformer.word_embedding.weight.grad
    assert all(gradient[token].abs().max() > 0 for token in first_only)


@pytest.mark.parametrize("remember", [True, False])
def test_the_answer_is_the_best_of_every_span(remember, model, read):
    found = answers(model, read, batch_size=2, remember=remember)
    for reading in read:
        best, text = float("-inf"), None
        with torch.no_grad():
            logits = [(o.start_logits[0].tolist(), o.end_logits[0].tolist()) for o in outputs(model, reading, remember)]
        asked = range(reading.length) if int(reading.attention_mask[0, 1]) and reading.starts[0] >= 0 else [-1]
        for n in asked:
            start, end = logits[n]
            null = int(reading.nulls[n])
            inside = [t for t in range(28) if reading.spans[n, t, 0] >= 0]
            for i in inside:
                for j in inside:
                    value = start[i] + end[j] - start[null] - end[null]
                    if i <= j < i + LONGEST_ANSWER and value > best + 1e-5:
                        best = value
                        text = reading.question.context[int(reading.spans[n, i, 0]) : int(reading.spans[n, j, 1])]
        assert found[reading.question.name] == text


def test_evaluation_leaves_the_model_in_its_mode(model, read):
    model.train()
    score = evaluate(model, read)
    assert model.training
    assert score.total == len(RIDDLES)
    model.eval()
