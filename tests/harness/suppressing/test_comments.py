import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.codes import CODES
from samedevice.harness.suppressing.comments import comments, in_definition

MODULE = """
class Net:
    def forward(self, x):
        a = one(x)  # samedevice: ignore[SD301] -- tiny
        b = two(
            x,  # samedevice: ignore[SD201, SD202] -- by design  # noqa: E501
        )

        # samedevice: ignore[SD301] -- above,
        # in two lines
        c = three(
            x,
            # samedevice: ignore[SD206] -- inside
            y,
        )
        if four(x):  # samedevice: ignore[SD203] -- a head
            five(x)
        # samedevice: ignore[SD301] -- away from everything

        six("# samedevice: ignore[SD301] -- text")


def other():
    pass  # samedevice: ignore[SD101] -- elsewhere
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "net.py"
        path.write_text(text)
        return str(path)

    return write


def test_a_comment_holds_for_its_statement_or_the_one_below(file):
    found = [(one.place.line, one.first, one.last, one.codes, one.reason) for one in comments(file(MODULE))]
    assert found == [
        (4, 4, 4, ("SD301",), "tiny"),
        (6, 5, 7, ("SD201", "SD202"), "by design"),
        (9, 11, 15, ("SD301",), "above,"),
        (13, 11, 15, ("SD206",), "inside"),
        (16, 16, 16, ("SD203",), "a head"),
        (18, 18, 18, ("SD301",), "away from everything"),
        (24, 24, 24, ("SD101",), "elsewhere"),
    ]
    assert all(one.flaw is None for one in comments(file(MODULE)))


@pytest.mark.parametrize(
    ("comment", "code", "message", "mend"),
    [
        ("ignore[SD301]", "SD902", "it does not say why", "# samedevice: ignore[SD301] -- why"),
        ("ignore[SD301] --", "SD902", "it does not say why", "# samedevice: ignore[SD301] -- why"),
        ("ignore[SD301] because", "SD902", "it does not say why", "# samedevice: ignore[SD301] -- why"),
        ("ignore[SD301,SD302]", "SD902", "it does not say why", "# samedevice: ignore[SD301, SD302] -- why"),
        ("ignore -- all of it", "SD903", "it names no code", "# samedevice: ignore[SD301] -- why"),
        ("ignore[] -- all of it", "SD903", "it names no code", "# samedevice: ignore[SD301] -- why"),
        ("ignore[sd301] -- x", "SD903", "'sd301' is no code, did you mean 'SD301'?", "# samedevice: ignore["),
        ("ignore[transfers] -- x", "SD903", "'transfers' is no code", "# samedevice: ignore["),
        ("ignore[SD901] -- x", "SD903", "SD901 is about suppressions and cannot be silenced", "# samedevice: ignore["),
    ],
)
def test_a_void_comment_says_what_is_wrong_and_what_to_write(file, comment, code, message, mend):
    (found,) = comments(file(f"x = 1  # samedevice: {comment}\n"))
    assert found.flaw.code == code
    assert found.flaw.message == f"a suppression silences nothing: {message}"
    assert mend in found.flaw.hint
    assert found.flaw.origin == found.place


@pytest.mark.parametrize("comment", ["# samedevice is a package: ignore[SD301]", "# samedevice: ignored files", "#"])
def test_what_only_looks_like_one(file, comment):
    assert comments(file(f"x = 1  {comment}\n")) == ()


@pytest.mark.parametrize("text", ["x = (  # samedevice: ignore[SD301] -- x", "\0 # samedevice: ignore[SD301] -- x"])
def test_a_file_that_does_not_parse_has_none(file, text):
    assert comments(file(text)) == ()


def test_a_file_that_is_not_there_or_not_python_has_none(tmp_path):
    (tmp_path / "a.txt").write_text("# samedevice: ignore[SD301] -- x")
    assert comments(str(tmp_path / "gone.py")) == comments(str(tmp_path / "a.txt")) == comments("<stdin>") == ()


def test_a_changed_file_is_read_again(file):
    assert len(comments(file("x = 1  # samedevice: ignore[SD301] -- x\n"))) == 1
    assert len(comments(file("x = 1\n"))) == 0


def test_in_a_definition(file):
    path = file(MODULE)
    assert [one.place.line for one in in_definition(path, "Net")] == [4, 6, 9, 13, 16, 18]
    assert [one.place.line for one in in_definition(path, "other")] == [24]
    assert in_definition(path, "Gone") == ()


def test_in_a_class_inside_a_function(file):
    path = file("def make():\n    class Net:\n        x = 1  # samedevice: ignore[SD301] -- x\n    return Net\n")
    assert len(in_definition(path, "make.<locals>.Net")) == 1


CODE = st.sampled_from([code for code in CODES if not code.startswith("SD9")])
REASON = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="#"), min_size=1)


@given(st.lists(CODE, min_size=1, unique=True), REASON)
def test_the_form_is_read_as_it_is_written(tmp_path_factory, codes, reason):
    path = tmp_path_factory.mktemp("form") / "net.py"
    path.write_text(f"x = 1  # samedevice: ignore[{', '.join(codes)}] -- {reason}\n", encoding="utf-8")
    (found,) = comments(str(path))
    assert (found.codes, found.reason, found.flaw) == (tuple(codes), reason, None)
