from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.device import Device
from samedevice.harness.finding import Finding, Location, Severity
from samedevice.harness.listing import Listing
from samedevice.harness.measure import Measure
from samedevice.harness.report import Report
from samedevice.harness.result import Status
from samedevice.reports.formats.text import render
from samedevice.reports.summary import verdict

CUDA = Device(kind="cuda", virtual=True)


@given(st.from_type(Report))
def test_every_report_renders_to_harmless_text(report):
    text = render(report)
    assert all(char.isprintable() for char in text.replace("\n", ""))
    assert text.endswith("\n")
    assert text.splitlines()[-1] == verdict(report)


def test_the_whole_page(cell, report, tmp_path):
    file = tmp_path / "rope.py"
    file.write_text("self.position_scaling = torch.ones(1)\n")
    flaw = Finding(
        code="SD101",
        message="position_scaling is on cpu, expected cuda:0",
        subject="position_scaling",
        origin=Location(file=str(file), line=1),
        hint="register_buffer",
    )
    rate = Measure(name="forward_success", value=20, of=20)
    text = render(
        report(
            cell(suite="math", measures=(rate, Measure(name="forward_seconds", value=0.003))),
            cell(suite="math", device=CUDA, status=Status.FAIL, findings=(flaw,)),
            cell(suite="math", check="generate", status=Status.NOT_CHECKED, reason="no tokenizer"),
        )
    )
    page = f"""samedevice 0.1.0, torch 2.13.0, transformers 5.23.0, python 3.11.7, Linux

math: rates on cpu (real)

target    rate     success, 95 % interval           mean
                                                    time
--------  -------  -----------------------------  ------
rope      forward  100.0 % [83.9, 100.0] (20/20)  3.0 ms

math: checks of rope

check     cpu (real)    cuda:0 (virtual)
--------  ------------  ------------------
forward   pass          fail
generate  not checked   -

1. SD101 error: a parameter stays behind when the model moves
    subject position_scaling
    what    position_scaling is on cpu, expected cuda:0
    origin  {file}:1
            self.position_scaling = torch.ones(1)
    mend    register_buffer
    seen    rope: cuda:0 (virtual) forward

not checked
  rope on cpu (real), generate: no tokenizer

virtual: no such hardware here; PyTorch's device rules were applied to values computed on the CPU,
and times are not the hardware's

FAILED: 3 cells (2 real, 1 virtual): 1 fail, 1 not checked, 1 pass; findings: 1 error.
"""
    assert text == page


def test_is_readable_in_100_columns(cell, report):
    """The widest names of the math suite, and a message as long as PyTorch's own."""
    flaw = Finding(code="SD201", message="Expected all tensors to be on the same device, but got index is " * 4)
    cells = [
        cell(
            target=f"gpt_neox:{method}_sequence_rope",
            device=Device(kind=kind, virtual=True),
            check=check,
            measures=(
                Measure(name=f"{check}_success", value=20, of=20),
                Measure(name="device_errors", value=0),
                Measure(name=f"{check}_seconds", value=0.1234),
                Measure(name="tokens_per_second", value=1234.5),
            ),
            findings=(flaw,),
        )
        for method in ("long", "wide")
        for kind in ("cuda", "mps", "xpu")
        for check in ("forward", "generation")
    ]
    assert max(len(row) for row in render(report(*cells)).splitlines()) <= 100


def test_a_broken_cell_says_why(cell, report):
    text = render(report(cell(status=Status.ERROR, reason="KeyError: 'x'"), cell(status=Status.ERROR, check="b")))
    assert "broke\n  rope on cpu (real), forward: KeyError: 'x'\n" in text
    assert "rope on cpu (real), b: no reason was given" in text


def test_an_empty_report_says_so(report):
    assert render(report()).endswith("\n\nNothing was run.\n")


def test_what_was_not_checked_is_never_a_pass(cell, report):
    text = render(report(cell(status=Status.NOT_CHECKED, reason="no inputs")))
    assert "not checked" in text
    assert "pass" not in text


def test_a_listing_is_a_table_with_its_numbers_to_the_right(cell, report):
    rows = (("a.bin", "7"), ("b\x1b[2J.bin", "1,200"))
    listing = Listing(title="files", headers=("file", "bytes"), rows=rows)
    lines = render(report(cell(listing=listing))).splitlines()
    at = lines.index("files")
    assert lines[at + 2 : at + 6] == [
        "file            bytes",
        "------------  -------",
        "a.bin               7",
        "b\\x1b[2J.bin    1,200",
    ]


def test_a_long_matrix_shows_the_worst_and_counts_the_rest(cell, report):
    many = [cell(target=f"t{n}") for n in range(150)]
    many[120] = cell(target="t120", status=Status.FAIL)
    many[140] = cell(target="t140", status=Status.ERROR, reason="boom")
    text = render(report(*many))
    rows = [row.split() for row in text.splitlines() if row.startswith("t") and row[1:2].isdigit()]
    assert rows[:3] == [["t140", "error"], ["t120", "fail"], ["t0", "pass"]]
    assert len(rows) == 40
    assert "and 110 more targets: 110 pass" in text


def test_a_matrix_that_can_be_read_is_whole(cell, report):
    text = render(report(*(cell(target=f"t{n}") for n in range(100))))
    assert "t99 " in text
    assert "more targets" not in text


def test_long_rates_show_the_lowest(cell, report):
    many = [
        cell(target=f"t{n}", measures=(Measure(name="x_success", value=0 if n > 140 else 2, of=2),)) for n in range(150)
    ]
    text = render(report(*many))
    assert "all 150 targets    success, 95 % interval\n-----------------  ------------------------\nx " in text
    assert "282/300" in text
    assert sum(" (0/2)" in row for row in text.splitlines()) == 9
    assert "(2/2)" not in text
    assert "141 targets have every rate at 100 %" in text
    assert "none with a lower rate" not in text


def test_of_many_low_rates_the_lowest_are_shown(cell, report):
    many = [cell(target=f"t{n}", measures=(Measure(name="x_success", value=int(n > 2), of=2),)) for n in range(150)]
    text = render(report(*many))
    assert (text.count("(0/2)"), text.count("(1/2)")) == (3, 37)
    assert "and 110 more targets, none with a lower rate" in text
    assert "at 100 %" not in text


def test_many_findings_and_reasons_are_counted(cell, report):
    flaws = tuple(Finding(code="SD301", message="m", subject=f"s{n}", severity=Severity.WARNING) for n in range(60))
    open_ends = [cell(check=f"c{n}", status=Status.NOT_CHECKED, reason=f"r{n}") for n in range(60)]
    text = render(report(cell(findings=(*flaws, Finding(code="SD201", message="grave"))), *open_ends))
    assert "1. SD201 error" in text
    assert "and 11 more findings: --json FILE and --format html have all" in text
    assert "  and 10 more reasons" in text
