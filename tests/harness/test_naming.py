"""Which name a line gives to the tensor that it creates."""

import ast
import linecache
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.naming import bound_name, source_line

MARK = "torch.zeros(1)"

ONE_LINE = {
    "total = torch.zeros(1)": "total",
    "total: Tensor = torch.zeros(1)": "total",
    "total += torch.zeros(1)": "total",
    "a = b = torch.zeros(1)": "a",
    "self.bank = torch.zeros(1)": "bank",
    "self.norm.mean = torch.zeros(1)": "norm.mean",
    "cls.table = torch.zeros(1)": "table",
    "other.table = torch.zeros(1)": "other.table",
    "self.layers[0].weight = torch.zeros(1)": "layers[0].weight",
    "self.cache[name] = keep(torch.zeros(1))": "cache",
    "out[:, 0][1] = torch.zeros(1)": "out",
    "h, c = torch.zeros(1)": "h, c",
    "h, *rest = torch.zeros(1)": "h, rest",
    "n, x = 3, torch.zeros(1)": "x",
    "h, c = torch.zeros(1), torch.ones(1)": "h, c",
    "foo((x := torch.zeros(1)))": "x",
    "y = torch.zeros((n := 3))": "y",
    "foo(1, mean=torch.zeros(1))": "mean",
    "self.norm = Normalize(mean=torch.zeros(1))": "mean",
    "self.norm = Normalize(mean=torch.zeros(1), std=torch.ones(1))": "norm",
    "x = torch.zeros(1, dtype=torch.get_default_dtype(), device=torch.device('cpu'))": "x",
    "x = torch.randn(2, generator=torch.Generator().manual_seed(1))": "x",
    "x = torch.zeros(n, out=like.new_empty(n))": "x",
    "h = F.softmax(torch.zeros(1), dim=last(h))": "h",
    "def f(a, mean=torch.zeros(1)): pass": "mean",
    "def f(a=1, *, mean=torch.zeros(1)): pass": "mean",
    "def f(mean=torch.zeros(1), std=torch.ones(1)): pass": None,
    "self.act = lambda x: x * torch.zeros(1)": "act",
    "act = lambda x, scale=torch.zeros(1): x": "scale",
    "field: Tensor = field(default_factory=lambda: torch.zeros(1))": "field",
    "self.slow = [torch.zeros(1) for p in params]": "slow",
    "self.register_buffer('series_mean', torch.zeros(1))": "series_mean",
    "self.register_buffer(name='series_mean', tensor=torch.zeros(1))": "series_mean",
    "self.norm.register_buffer('mean', torch.zeros(1))": "norm.mean",
    "self.register_parameter('scale', nn.Parameter(torch.zeros(1)))": "scale",
    "self.register_buffer(name, torch.zeros(1))": None,
    "self.layers.append(torch.zeros(1))": "layers",
    "stats.update(mean=torch.zeros(1))": "mean",
    "total.mul(torch.zeros(1))": None,
    "for row in torch.zeros(1): pass": "row",
    "with scope(torch.zeros(1)) as held: pass": "held",
    "torch.zeros(1)": None,
    "print(torch.zeros(1))": None,
    "a = 1; b = torch.zeros(1)": None,
}


@pytest.fixture
def written(tmp_path):
    def write(source):
        file = tmp_path / "model.py"
        file.write_text(textwrap.dedent(source))
        return str(file)

    return write


@pytest.mark.parametrize(("source", "name"), ONE_LINE.items(), ids=ONE_LINE)
def test_one_line(written, source, name):
    assert bound_name(written(source), 1) == name


def test_the_innermost_construct_around_the_line_wins(written):
    file = written(
        """\
        class Net(nn.Module):
            TABLE = torch.zeros(1)

            def forward(
                self,
                x,
                mean=torch.zeros(1).view(1, 1),
                std=torch.ones(1),
            ):
                self.prior = Normal(
                    torch.zeros(1),
                    scale=torch.ones(1),
                )
                h, c = (
                    torch.zeros(1),
                    torch.ones(1),
                )
                return x.detach().cpu()
        """
    )
    names = {line: bound_name(file, line) for line in range(1, 19)}
    assert {line: name for line, name in names.items() if name} == {
        2: "TABLE",
        7: "mean",
        8: "std",
        10: "prior",
        11: "prior",
        12: "scale",
        13: "prior",
        14: "h, c",
        15: "h",
        16: "c",
        17: "h, c",
    }


def test_a_column_tells_neighbours_on_one_line_apart(written):
    source = "def f(mean=torch.zeros(1), std=torch.ones(1)): pass"
    file = written(source)
    assert bound_name(file, 1, source.index("torch.zeros")) == "mean"
    assert bound_name(file, 1, source.index("torch.ones")) == "std"
    assert bound_name(file, 1, source.index("pass")) is None


def test_a_return_inside_a_nested_function_is_not_the_outer_name(written):
    file = written(
        """\
        def outer():
            def keep(out):
                return out.detach().cpu()
            kept = keep(1)
        """
    )
    assert [bound_name(file, line) for line in (1, 2, 3, 4)] == [None, None, None, "kept"]


def test_a_changed_file_is_read_again(written):
    assert bound_name(written("a = torch.zeros(1)\n"), 1) == "a"
    file = written("longer_name = torch.zeros(1)\n")
    assert bound_name(file, 1) == "longer_name"
    assert source_line(file, 1) == "longer_name = torch.zeros(1)"


def test_source_that_lives_in_memory_alone():
    linecache.cache["<cell 7>"] = (21, None, ["total = torch.zeros(1)\n"], "<cell 7>")
    assert bound_name("<cell 7>", 1) == "total"
    assert source_line("<cell 7>", 1) == "total = torch.zeros(1)"


@pytest.mark.parametrize("line", [-1, 0, 1, 10**9])
@pytest.mark.parametrize("file", ["", "<string>", "/no/such/file.py", "/", "a\0b", "x" * 5000])
def test_odd_files_have_no_names(file, line):
    assert bound_name(file, line) is None
    assert source_line(file, line) == ""


@pytest.mark.parametrize("content", [b"def (:\n", b"x = 1\0\n", b"\xff\xfe\x00", b"", b"(" * 5000, b"x = '\\d'\n"])
def test_odd_contents_have_no_names(tmp_path, content):
    file = tmp_path / "odd.py"
    file.write_bytes(content)
    assert bound_name(str(file), 2) is None


NAMES = st.sampled_from(["alpha", "beta", "gamma_1", "mean", "state"])
TARGETS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, NAMES).map(".".join), inner.map("{}[0]".format), inner.map("{}['k'].x".format)
    ),
    max_leaves=4,
)
VALUES = st.recursive(
    st.just(MARK),
    lambda inner: st.one_of(
        inner.map("[\n{}\n]".format),
        inner.map("foo(1,\n{})".format),
        inner.map("({}).view(\n1)".format),
        inner.map("{{'key':\n{}}}".format),
        inner.map("(lambda q:\n{})".format),
    ),
    max_leaves=5,
)


@given(target=TARGETS, value=VALUES)
def test_whatever_the_shape_of_the_value_the_assignment_names_it(tmp_path_factory, target, value):
    source = f"class M:\n    def f(self):\n        self.{target} = (\n{value}\n)\n"
    file = str(tmp_path_factory.getbasetemp() / f"shape_{hash((target, value))}.py")
    with open(file, "w") as handle:
        handle.write(source)
    line = next(number for number, text in enumerate(source.splitlines(), 1) if MARK in text)
    expected = target
    while expected.endswith("]"):
        expected = expected.rpartition("[")[0]
    ast.parse(source)
    assert bound_name(file, line) == expected
