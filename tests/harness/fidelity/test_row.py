import json

import pytest

from samedevice.harness.fidelity.row import Call, row_from_json, row_to_json


def test_rows_survive_json(rows):
    assert [row_from_json(json.loads(json.dumps(row_to_json(row)))) for row in rows] == list(rows)


def test_json_is_what_the_documentation_says(rows):
    words = {"subject": "programs/scalars/add", "family": "programs/scalars", "inputs": "data number"}
    assert [row_to_json(row) for row in rows] == [
        words | {"placement": "dd", "results": ["float32@cuda:0"]},
        words | {"placement": "cd", "raised": ["RuntimeError", "two devices, cuda:0 and cpu! no"]},
        words | {"placement": "dc", "crashed": "the process ended with signal 11"},
    ]


def test_keys_tell_calls_apart():
    first = {"subject": "ops/add", "family": "", "inputs": "float32[]", "placement": "d", "dtype": "int64", "sample": 3}
    others = ({"inputs": "float32[1]"}, {"placement": "c"}, {"dtype": "float32"}, {"sample": 4})
    assert len({Call(**(first | other)).key for other in ({}, *others)}) == 5


@pytest.mark.parametrize("missing", ["subject", "inputs", "placement", "results"])
def test_data_that_is_no_row(rows, missing):
    plain = row_to_json(rows[0])
    del plain[missing]
    with pytest.raises(KeyError):
        row_from_json(plain)
