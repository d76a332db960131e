"""A document as a reader with memory meets it: cut into segments of equal length, each with its labels."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from .squad import Question

# A position that counts for nothing in the loss.
ELSEWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One question with its document in n segments of T tokens, all int64 on the CPU.

    `input_ids`, `attention_mask`, `token_type_ids` are [n,T]; `starts` and `ends` [n] are token positions, that of the
    class token where the segment does not hold the answer, or `ELSEWHERE`; `spans` are [n,T,2] characters of the
    document, -1 outside it; `nulls` [n] are the positions of the class token. `late`: see `readings`.
    """

    question: Question
    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    starts: Tensor
    ends: Tensor
    spans: Tensor
    nulls: Tensor
    late: bool

    @property
    def asked(self) -> range:
        """The segments in which the question is seen."""
        return range(self.length - 1 if self.late else 0, self.length)

    @property
    def length(self) -> int:
        """How many segments there are."""
        return len(self.input_ids)


def readings(
    asked: Iterable[Question], tokenizer: PreTrainedTokenizerBase, max_length: int, *, late: bool
) -> list[Reading]:
    """Each question as a reading in segments of `max_length` tokens.

    A segment holds the question and a piece of the document, as SQuAD's features do. With `late` the question is seen
    in the last segment alone: what came before must be remembered without knowing what will be asked.
    """
    tokenizer = deepcopy(tokenizer)
    # Overflowing to the left fills the last segment, where a late question is asked, and leaves the first one short.
    tokenizer.truncation_side = "left" if late else "right"
    return [_reading(question, tokenizer, max_length, late) for question in asked]


def _reading(question: Question, tokenizer: Any, max_length: int, late: bool) -> Reading:
    coded = tokenizer(
        question.text,
        question.context,
        truncation="only_second",
        max_length=max_length,
        padding="max_length",
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    order = range(len(coded["input_ids"]))[:: -1 if late else 1]
    ids, mask, types, offsets = (
        torch.tensor([coded[name][n] for n in order])
        for name in ("input_ids", "attention_mask", "token_type_ids", "offset_mapping")
    )
    parts = torch.tensor([[-1 if part is None else part for part in coded.sequence_ids(n)] for n in order])
    # A token may count the space before its word; an answer begins with the word.
    offsets[..., 0] += torch.tensor(
        [[question.context[b:e].startswith(" ") for b, e in row] for row in offsets.tolist()]
    )
    spans = offsets.masked_fill((parts != 1).unsqueeze(-1), -1)
    nulls = (ids == tokenizer.cls_token_id).long().argmax(-1)
    if late:
        mask[:-1] = mask[:-1].masked_fill(parts[:-1] == 0, 0)
    labels = [_label(question, spans[n], int(nulls[n])) for n in range(len(ids))]
    if late:
        labels[:-1] = [(ELSEWHERE, ELSEWHERE)] * (len(labels) - 1)
    starts, ends = torch.tensor(labels).unbind(-1)
    return Reading(
        question=question,
        input_ids=ids,
        attention_mask=mask,
        token_type_ids=types,
        starts=starts,
        ends=ends,
        spans=spans,
        nulls=nulls,
        late=late,
    )


def _label(question: Question, spans: Tensor, null: int) -> tuple[int, int]:
    """The tokens of the first answer that lies within a segment; the class token, twice, where none does."""
    inside = (spans[:, 0] >= 0) & (spans[:, 1] > spans[:, 0])
    if not bool(inside.any()):
        return null, null
    begins, ends = spans[inside][:, 0], spans[inside][:, 1]
    offset = int(inside.long().argmax())
    for answer in question.answers:
        if int(begins[0]) <= answer.start and answer.end <= int(ends[-1]):
            first = int((ends > answer.start).long().argmax())
            last = int((begins < answer.end).long().sum()) - 1
            return offset + first, offset + last
    return null, null


def window(reading: Reading, segments: int) -> slice:
    """The at most `segments` segments to train on: they end with the first that holds an answer, else with the last."""
    holding = [n for n in range(reading.length) if reading.starts[n] not in (ELSEWHERE, reading.nulls[n])]
    end = max(min(holding, default=reading.length - 1) + 1, min(segments, reading.length))
    return slice(end - min(segments, end), end)


def batch_of(read: Sequence[Reading], segments: int) -> dict[str, Tensor]:
    """Readings side by side: each tensor [B,n,T] or [B,n], n at most `segments`; shorter documents end early.

    After its end a document is all padding and its labels are `ELSEWHERE`.
    """
    cut = [(one, window(one, segments)) for one in read]
    longest = max(part.stop - part.start for _, part in cut)
    fills = {"input_ids": 0, "attention_mask": 0, "token_type_ids": 0, "starts": ELSEWHERE, "ends": ELSEWHERE}
    return {
        name: torch.stack([_padded(getattr(one, name)[part], longest, fill) for one, part in cut])
        for name, fill in fills.items()
    }


def _padded(tensor: Tensor, length: int, fill: int) -> Tensor:
    return torch.cat([tensor, tensor.new_full((length - len(tensor), *tensor.shape[1:]), fill)])
