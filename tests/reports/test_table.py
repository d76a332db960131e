from samedevice.reports.table import LEFT, RIGHT, alignment, pipe_head, pipe_row, pipes, terminal


def test_names_that_look_like_numbers_stay_names():
    assert terminal(("target",), [("1e5",), ("0012",)]) == "target\n--------\n1e5\n0012"


def test_columns_are_aligned_as_told():
    assert pipes(("a", "b"), [("x", "1"), ("y", "10")], ("left", "right")).splitlines()[1] == "|:----|----:|"


def test_a_table_may_be_empty():
    assert terminal(("a",), []).startswith("a")
    assert pipes(("a",), []).startswith("| a")


def test_a_row_without_padding_is_a_row_of_pipes():
    head = pipe_head(["a", "b"], [LEFT, RIGHT])
    assert [head, pipe_row(["1", "2"])] == ["| a | b |\n| :-- | --: |", "| 1 | 2 |"]


def test_a_row_that_is_too_short_is_aligned_by_the_others():
    assert alignment([("1", "a"), ("2",), ()], 3) == (RIGHT, LEFT, LEFT)
