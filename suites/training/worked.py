"""Worked problems in the formats of GSM8K and MATH, one JSON object a line.

GSM8K (Cobbe et al. 2021, arXiv:2110.14168): `question`, and `answer` whose last line is `#### 72`. MATH (Hendrycks
et al. 2021, arXiv:2103.03874): `problem`, and `solution` with the answer in `\\boxed{...}`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...harness.errors import UsageError
from .exercises import MARK, Exercise

_BOX = "\\boxed{"


def read_worked(file: str | Path) -> tuple[Exercise, ...]:
    """The problems of a JSONL file of either format. Raises `UsageError`, with the line, for one that is neither."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error
    return tuple(_of_lines(file, lines))


def _of_lines(file: str | Path, lines: Iterable[str]) -> Iterator[Exercise]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield from from_rows([json.loads(line)])
            except (ValueError, KeyError, TypeError, UsageError) as error:
                raise UsageError(f"{file}, line {number}: {error}") from error


def from_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Exercise]:
    """The problems of rows of either format. Raises `UsageError` for a row that is neither."""
    for row in rows:
        if "question" in row and MARK in str(row.get("answer")):
            yield Exercise(prompt=row["question"].strip(), solution=row["answer"].strip())
        elif "problem" in row and _BOX in str(row.get("solution")):
            solution = row["solution"].strip()
            yield Exercise(prompt=row["problem"].strip(), solution=f"{solution} {MARK} {boxed(solution)}")
        else:
            raise UsageError(
                f"a row with {sorted(row)} is neither GSM8K's (question, answer with ####) nor MATH's "
                "(problem, solution with \\boxed)"
            )


def boxed(solution: str) -> str:
    """What the last `\\boxed{...}` holds, braces inside it included; empty where there is none."""
    start = solution.rfind(_BOX)
    if start < 0:
        return ""
    inside, depth = solution[start + len(_BOX) :], 1
    for index, sign in enumerate(inside):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return inside[:index]
    return inside
