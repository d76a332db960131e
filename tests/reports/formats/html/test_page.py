import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Severity
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.findings import group
from samedevice.reports.formats.html import page, render


class Reader(HTMLParser):
    """What a browser would make of the text: tags, attributes, words, and the contents of scripts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.names, self.words, self.scripts, self.urls = [], set(), [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.names |= {name for name, _ in attributes}
        self.urls += [value for name, value in attributes if name in ("src", "href", "action")]

    def handle_data(self, data):
        (self.scripts if self.tags[-1:] == ["script"] else self.words).append(data)


TAGS = set(Reader(page._asset("page.html")).tags) | {
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "ol", "li", "svg", "line", "circle", "text", "span", "b"),
}


def data_of(text):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text)[1])


@given(st.from_type(Report))
def test_no_word_of_a_report_becomes_markup(report):
    text = render(report)
    read = Reader(text)
    assert set(read.tags) <= TAGS
    assert read.urls == ["data:,"]
    assert not any(name.startswith("on") or name == "style" for name in read.names)
    assert text.count("</script>") == 2
    assert not re.search("[\0\x1b\x07\u202a-\u202e\u2066-\u2069\u2028\ud800-\udfff]", text)


@given(st.from_type(Report))
def test_every_cell_and_finding_is_in_the_data(report):
    data = data_of(render(report))
    assert len(data["cells"]) == len(report.cells)
    groups = group(report.cells)
    assert len(data["findings"]) == len(groups)
    for cell, row in zip(report.cells, data["cells"], strict=True):
        assert data["statuses"][row[4]] == cell.status.value
        assert data["devices"][row[2]].endswith(f"({cell.device.reality})")
        assert len(row[7]) == sum(cell in entry.seen for entry in groups)
        assert len(row[8]) == len(cell.measures)


@given(st.text())
def test_data_cannot_leave_its_script(words):
    packed = page.script_text({"x": words})
    assert json.loads(packed) == {"x": words}
    assert packed.isascii()
    assert not set(packed) & set("<>&")


def test_the_policy_names_the_script_and_the_style_that_are_there(sample):
    text = render(sample)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digests = [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in inside]
        assert f"{rule} {' '.join(digests)};" in policy
    assert policy.startswith("default-src 'none';")


def test_the_script_makes_no_markup_and_loads_nothing():
    script = "\n".join(page._asset(f"{name}.js") for name in page.SCRIPTS)
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "import(",
        "http",
    ):
        assert word not in script


def test_the_head_says_real_and_virtual(sample):
    said = " ".join(Reader(render(sample)).words)
    assert "cuda:0 (virtual)" in said
    assert "cpu (real)" in said
    assert "virtual: no such hardware here" in said
    assert "BROKEN" in said


def test_what_was_not_checked_has_its_reason(cell, report):
    said = Reader(render(report(cell(status=Status.NOT_CHECKED, reason="no <inputs>")))).words
    assert "no <inputs>" in said


def test_source_is_read_where_it_is_here(sample, repository):
    (place, used) = data_of(render(sample))["places"]
    assert (place["place"], place["line"], place["first"]) == ("pkg/net.py:9", 9, 6)
    assert place["lines"][3] == "        self.scale = torch.ones(4)  # a plain attribute: .to() does not see it"
    assert used["place"] == "pkg/net.py:12"
    assert used["lines"][-1] == "        return self.linear(x) * self.scale"


def test_a_rate_is_drawn_with_its_interval_and_the_lowest_comes_first(cell, report):
    rates = [Measure(name=f"{name}_success", value=value, of=20) for name, value in (("a", 20), ("b", 5))]
    text = render(report(cell(measures=tuple(rates), device=Device(kind="mps", virtual=True))))
    lines = re.findall(r"<span>rope, (\w)", text)
    assert lines == ["b", "a"]
    assert 'class="thin" x1="83.89%" x2="100.00%"' in text
    assert 'circle class="virtual" cx="100.00%"' in text


def test_what_is_not_drawn_is_counted(cell, report):
    many = [cell(target=f"t{n}", measures=(Measure(name="x_success", value=1, of=2),)) for n in range(230)]
    text = render(report(*many))
    assert len(re.findall("<span>t\\d+, x <b>", text)) == 200
    assert "30 more are not drawn." in text


def test_times_have_median_and_spread(cell, report):
    many = [cell(target=f"t{n}", seconds=seconds) for n, seconds in enumerate((0.001, 0.01, 0.01, 0.01, 0.1))]
    text = render(report(*many))
    assert "10.0 ms [1.0 ms, 100.0 ms], 5 cells" in text
    assert 'class="thick" x1="50.00%" x2="50.00%"' in text


def test_many_wordings_are_counted(cell, report):
    flaws = [Finding(code="SD301", message=f"m{n}", subject="x", severity=Severity.NOTE) for n in range(5)]
    (found,) = data_of(render(report(cell(findings=tuple(flaws)))))["findings"]
    assert (found["messages"], found["more"]) == (["m0", "m1", "m2"], 2)


def test_a_cell_has_its_own_wording(cell, report):
    def flaw(where):
        return Finding(code="SD201", message=f"on {where}", subject="x")

    data = data_of(render(report(cell(findings=(flaw("cuda"),)), cell(check="step", findings=(flaw("mps"),)))))
    assert [row[7] for row in data["cells"]] == [[[0, 0]], [[0, 1]]]
    assert data["findings"][0]["messages"] == ["on cuda", "on mps"]
