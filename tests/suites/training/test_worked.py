import json

import pytest

from samedevice.harness.errors import UsageError
from samedevice.suites.math.problems import PROBLEMS
from samedevice.suites.training.exercises import answer_of
from samedevice.suites.training.math import EMBEDDED
from samedevice.suites.training.worked import boxed, from_rows, read_worked


@pytest.mark.parametrize("file", EMBEDDED, ids=lambda file: file.stem)
def test_the_embedded_files_are_read_and_hold_none_of_the_twenty(file):
    found = read_worked(file)
    assert len(found) >= 6
    assert all(answer_of(one.solution) for one in found)
    assert not {one.prompt for one in found} & {problem.prompt for problem in PROBLEMS}
    keys = {key for line in file.read_text().splitlines() for key in json.loads(line)}
    assert keys in ({"question", "answer"}, {"problem", "level", "type", "solution"})


def test_both_formats():
    gsm, math = from_rows(
        [
            {"question": " 1 + 1?", "answer": "1 + 1 = 2\n#### 2"},
            {"problem": "1/2?", "solution": r"$\boxed{\frac{1}{2}}$."},
        ]
    )
    assert (gsm.prompt, answer_of(gsm.solution)) == ("1 + 1?", "2")
    assert answer_of(math.solution) == r"\frac{1}{2}"


@pytest.mark.parametrize(
    ("text", "inside"),
    [(r"\boxed{3}", "3"), (r"\boxed{1} and \boxed{\sqrt{2}}", r"\sqrt{2}"), (r"\boxed{3", "3"), ("3", "")],
)
def test_boxes(text, inside):
    assert boxed(text) == inside


@pytest.mark.parametrize("line", ["{", '{"question": "x", "answer": "no mark"}', "[1]", '{"a": 1}'])
def test_what_is_neither_is_told_with_its_line(line, tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"question": "1?", "answer": "#### 1"}\n\n' + line + "\n")
    with pytest.raises(UsageError, match=r"x\.jsonl, line 3: "):
        read_worked(file)
