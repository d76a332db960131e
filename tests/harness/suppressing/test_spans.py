import ast

from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.suppressing.spans import spans_of

COMPOUND = """@one
@two(
    3
)
def f(
    a=make(),
) -> int:
    with x as y, (
        z
    ):
        pass
    try:
        pass
    except E:
        pass
    match v:
        case 1:
            pass
    for i in j: pass
"""


def test_a_compound_statement_is_its_head():
    spans = [(span.start, span.stop - 1) for span in spans_of(COMPOUND).statements]
    assert spans == [(1, 7), (8, 9), (11, 11), (12, 12), (13, 13), (15, 15), (16, 16), (18, 18), (19, 19), (19, 19)]


def test_the_innermost_statement_is_around_a_line():
    spans = spans_of("def f():\n    return (\n        1\n    )\n")
    assert spans.around(3) == range(2, 5)
    assert spans.around(9) == range(9, 10)


@given(st.lists(st.sampled_from(["x = 1", "if x:\n    y = 2", "f(\n 1,\n)", "# c", ""]), max_size=8))
def test_every_line_of_code_is_in_a_statement_and_none_between(parts):
    text = "\n".join(parts) + "\n"
    covered = {line for span in spans_of(text).statements for line in span}
    wanted = {line for node in ast.parse(text).body for line in range(node.lineno, node.end_lineno + 1)}
    assert covered == wanted
