"""Questions with their documents, in the format of SQuAD.

Rajpurkar et al. 2016, *SQuAD: 100,000+ Questions for Machine Comprehension of Text* (arXiv:1606.05250): a JSON file
`{"data": [{"paragraphs": [{"context": ..., "qas": [{"id", "question", "answers": [{"text", "answer_start"}]}]}]}]}`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...harness.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A piece of the document: its text, and the character at which it starts, counted from 0."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question about a document; any of `answers` is right, and none means that the document does not say."""

    name: str
    text: str
    context: str
    answers: tuple[Answer, ...]


def read_squad(file: str | Path) -> tuple[Question, ...]:
    """The questions of a SQuAD file, 1.1 or 2.0. Raises `UsageError` for a file that is none."""
    try:
        raw = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    try:
        return tuple(questions(raw))
    except (KeyError, TypeError) as error:
        raise UsageError(f"{file} is not in SQuAD's format: {type(error).__name__} {error}") from error


def questions(raw: Mapping[str, Any]) -> Iterator[Question]:
    """The questions of SQuAD's structure, in order. Raises `UsageError` where an answer is not where it says."""
    for article in raw["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                given = [(one["text"], one["answer_start"]) for one in asked["answers"]]
                yield _question(asked["id"], asked["question"], paragraph["context"], given)


def from_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Question]:
    """The questions of rows as `datasets` gives them for SQuAD: `answers` is a dict of two lists."""
    for row in rows:
        given = zip(row["answers"]["text"], row["answers"]["answer_start"], strict=True)
        yield _question(row["id"], row["question"], row["context"], given)


def _question(name: str, text: str, context: str, given: Iterable[tuple[str, int]]) -> Question:
    answers = tuple(Answer(text=text, start=start) for text, start in given)
    for answer in answers:
        found = context[answer.start : answer.end]
        if found != answer.text:
            raise UsageError(
                f"question {name}: the answer {answer.text!r} should start at character {answer.start}, "
                f"where the document says {found!r}"
            )
    return Question(name=name, text=text, context=context, answers=answers)
