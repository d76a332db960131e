import json

import pytest

from samedevice.harness.errors import UsageError
from samedevice.suites.training.qa import EMBEDDED
from samedevice.suites.training.squad import from_rows, read_squad

PARAGRAPH = {
    "context": "The cat sat on the mat.",
    "qas": [{"id": "1", "question": "Who sat?", "answers": [{"text": "cat", "answer_start": 4}]}],
}


def written(tmp_path, raw):
    file = tmp_path / "squad.json"
    file.write_text(raw if isinstance(raw, str) else json.dumps(raw))
    return file


def test_a_file_is_read(tmp_path):
    (question,) = read_squad(written(tmp_path, {"data": [{"title": "x", "paragraphs": [PARAGRAPH]}]}))
    assert (question.name, question.text) == ("1", "Who sat?")
    assert question.context[question.answers[0].start : question.answers[0].end] == "cat"


def test_rows_of_datasets_are_read():
    row = {"id": "1", "context": "a cat", "question": "Who?", "answers": {"text": ["cat"], "answer_start": [2]}}
    (question,) = from_rows([row])
    assert question.answers[0].end == 5


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("{", "cannot read .*squad.json"),
        ({"rows": []}, "not in SQuAD's format: KeyError 'data'"),
        ([1], "not in SQuAD's format"),
        (
            {"data": [{"paragraphs": [{**PARAGRAPH, "context": "A cat sat."}]}]},
            "question 1: the answer 'cat' should start at character 4, where the document says 't s'",
        ),
    ],
    ids=["no-json", "no-data", "a-list", "shifted"],
)
def test_what_is_no_squad_is_told(raw, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        read_squad(written(tmp_path, raw))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read .*nowhere.json"):
        read_squad(tmp_path / "nowhere.json")


def test_the_embedded_file_is_whole():
    questions = read_squad(EMBEDDED)
    assert len(questions) >= 24
    assert len({question.name for question in questions}) == len(questions)
    assert all(question.answers for question in questions)
    # Longer than a segment of 64 tokens, of which a word is at least one.
    assert sum(len(question.context.split()) > 64 for question in questions) >= 20
    early = [one for one in questions if all(answer.end < len(one.context) / 2 for answer in one.answers)]
    assert len(early) >= 8


def test_a_data_set_by_its_id(tmp_path):
    from samedevice.suites.training.tables import rows

    row = {"id": "1", "context": "a cat", "question": "Who?", "answers": {"text": ["cat"], "answer_start": [2]}}
    for part in ("train", "validation"):
        (tmp_path / f"{part}.jsonl").write_text(json.dumps({**row, "id": part}) + "\n")
    (question,) = from_rows(rows(str(tmp_path), "validation"))
    assert question.name == "validation"
    with pytest.raises(UsageError, match="split 'dev'"):
        rows(str(tmp_path), "dev")
    with pytest.raises(UsageError, match="data set '/nowhere/at/all', split 'train'"):
        rows("/nowhere/at/all", "train")
