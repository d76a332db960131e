"""Reading documents segment by segment, and answering."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ...models.memory_bank import detached
from .segments import Reading, batch_of
from .squad_metrics import SquadScore, score

# SQuAD's customary bound on the length of an answer, in tokens.
LONGEST_ANSWER = 30


def document_loss(model: Any, batch: dict[str, Tensor], *, remember: bool = True) -> Tensor:
    """The mean loss over all labels of a batch (`segments.batch_of`, on the model's device), memory carried.

    Gradients flow back through the memory to the first segment. Without `remember` each segment starts from the initial
    memory.
    """
    outputs = _outputs(model, batch, remember)
    # A segment's loss is the mean over its labelled rows: weighed by their number, all labels count alike.
    labelled = (batch["starts"] >= 0).sum(0)
    losses = torch.stack([output.loss for output in outputs])
    return (losses * labelled).sum() / labelled.sum().clamp(min=1)


def answers(model: Any, read: Sequence[Reading], *, batch_size: int = 16, remember: bool = True) -> dict[str, str]:
    """The predicted answer to each question, by name: the best span of all segments in which the question is seen.

    A span's score is that of its start and end less that of the class token, so that segments compare.
    """
    was_training = model.training
    model.eval()
    found = {}
    with torch.no_grad():
        for first in range(0, len(read), batch_size):
            rows = read[first : first + batch_size]
            batch = {
                name: tensor.to(model.device) for name, tensor in batch_of(rows, max(r.length for r in rows)).items()
            }
            logits = [
                (o.start_logits.float().cpu(), o.end_logits.float().cpu()) for o in _outputs(model, batch, remember)
            ]
            for row, reading in enumerate(rows):
                found[reading.question.name] = _best(reading, [(start[row], end[row]) for start, end in logits])
    model.train(was_training)
    return found


def evaluate(model: Any, read: Sequence[Reading], *, batch_size: int = 16, remember: bool = True) -> SquadScore:
    """Exact match and F1 of a model on readings."""
    right = {one.question.name: [answer.text for answer in one.question.answers] for one in read}
    return score(answers(model, read, batch_size=batch_size, remember=remember), right)


def _outputs(model: Any, batch: dict[str, Tensor], remember: bool) -> list[Any]:
    """The outputs of a batch's segments, in order."""
    outputs: list[Any] = []
    memory = None
    for n in range(batch["input_ids"].shape[1]):
        output = model(
            input_ids=batch["input_ids"][:, n],
            attention_mask=batch["attention_mask"][:, n],
            token_type_ids=batch["token_type_ids"][:, n],
            memory_state=memory,
            start_positions=batch["starts"][:, n],
            end_positions=batch["ends"][:, n],
        )
        if remember and output.memory_state:
            memory = output.memory_state if torch.is_grad_enabled() else detached(output.memory_state)
        outputs.append(output)
    return outputs


def _best(reading: Reading, logits: Sequence[tuple[Tensor, Tensor]]) -> str:
    best, text = float("-inf"), ""
    for n in reading.asked:
        start, end = logits[n]
        inside = reading.spans[n, :, 0] >= 0
        scores = start[:, None] + end[None, :]
        length = len(start)
        ordered = torch.ones(length, length, dtype=torch.bool).triu().tril(LONGEST_ANSWER - 1)
        scores = scores.masked_fill(~(ordered & inside[:, None] & inside[None, :]), float("-inf"))
        at = int(scores.argmax())
        value = float(scores.flatten()[at] - start[reading.nulls[n]] - end[reading.nulls[n]])
        if value > best:
            best = value
            text = reading.question.context[reading.spans[n, at // length, 0] : reading.spans[n, at % length, 1]]
    return text
