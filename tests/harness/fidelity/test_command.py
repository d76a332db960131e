"""`samedevice fidelity` from end to end, on the virtual device, which agrees with itself."""

import json
from pathlib import Path

import pytest
import torchgen

from samedevice.harness import devices
from samedevice.harness.cli import fidelity
from samedevice.harness.fidelity import recorder, references

WORDS = ("fidelity", "record", "--device", "virtual:cuda", "--only", "programs/scalars/a*", "-o")
OPERATORS = "ops/add,ops/index_select,ops/zeros_like"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A recording of some programs."""
    file = tmp_path_factory.mktemp("recorded") / "a.json"
    assert fidelity_main(*WORDS, file) == 0
    return file


def fidelity_main(*words):
    from samedevice.harness.cli import main

    return main([str(word) for word in words])


@pytest.fixture
def changed(recorded, tmp_path):
    """The recording with one row falsified: `changed(placement, **words)` changes that of `scalars/add`."""

    def change(placement, **words):
        plain = json.loads(recorded.read_text())
        (row,) = [r for r in plain["rows"] if (r["subject"], r["placement"]) == ("programs/scalars/add", placement)]
        for ending in ("results", "raised"):
            row.pop(ending, None)
        row.update(words)
        file = tmp_path / "changed.json"
        file.write_text(json.dumps(plain))
        return file

    return change


def test_a_virtual_device_agrees_with_itself_and_is_no_reference(run, recorded):
    plain = json.loads(recorded.read_text())
    assert (plain["device"]["kind"], plain["is_reference"], plain["omitted"]) == ("virtual", False, {})
    assert plain["count"] == len(plain["rows"]) == 25
    code, out, err = run("fidelity", "compare", recorded)
    assert code == 0
    assert "NO REFERENCE: this file was recorded on a virtual device." in out
    assert err == ["samedevice: 100.00 % of 25 rows agree, 99.5 % are demanded"]


@pytest.mark.parametrize(
    ("placement", "falsified", "title"),
    [
        ("dc", {"raised": ["RuntimeError", "no"]}, "false negative: the virtual device allows"),
        ("cd", {"results": ["float32@cpu"]}, "false positive: the virtual device refuses"),
        ("dd", {"results": ["float32@cpu"]}, "other result: both allow it"),
    ],
)
def test_a_falsified_row_is_reported(run, changed, placement, falsified, title):
    code, out, err = run("fidelity", "compare", changed(placement, **falsified))
    assert code == 1
    assert title in out
    assert f"programs/scalars/add: data number placed {placement}" in out
    assert err == ["samedevice: 96.00 % of 25 rows agree, 99.5 % are demanded"]


def test_other_words_are_no_disagreement(run, changed):
    code, out, _ = run("fidelity", "compare", changed("cd", raised=["RuntimeError", "other"]))
    assert code == 0
    assert "other words: both refuse, in different words (1)" in out


def test_what_is_demanded_can_be_less(run, changed):
    file = changed("dd", results=["float32@cpu"])
    assert run("fidelity", "compare", file, "--fail-below", "96")[0] == 0
    assert run("fidelity", "compare", file, "--only", "*/add_*")[0] == 0


def test_rows_that_this_version_lacks_are_not_checked(run, recorded, tmp_path):
    plain = json.loads(recorded.read_text())
    for row in plain["rows"]:
        row["subject"] += "_of_old"
    file = tmp_path / "old.json"
    file.write_text(json.dumps(plain))
    code, out, err = run("fidelity", "compare", file)
    assert (code, err) == (4, ["samedevice: nothing was checked"])
    assert "not checked: 3 rows: LookupError: there is no scalars/add_of_old here" in out


def test_operators_are_recorded_too(run, tmp_path):
    file = tmp_path / "ops.json"
    assert run(*WORDS[:4], "--only", OPERATORS, "-o", file)[0] == 0
    rows = json.loads(file.read_text())["rows"]
    assert [*dict.fromkeys(row["subject"] for row in rows)] == OPERATORS.split(",")
    assert {row["dtype"] for row in rows} == {"float32", "int64", "float16", "bfloat16"}
    assert {row["placement"].strip("d") for row in rows if row["dtype"] == "float16"} == {""}
    found = {(row["subject"], row["inputs"], row["placement"]): row for row in rows if row["dtype"] == "float32"}
    assert found["ops/add", "float32[5] float32[]", "dc"]["results"] == ["float32@cuda:0"]
    assert "same device" in found["ops/add", "float32[5] float32[]", "cd"]["raised"][1]
    assert run("fidelity", "compare", file)[0] == 0


def test_an_interrupted_recording_goes_on(run, recorded, tmp_path, monkeypatch):
    file = tmp_path / "a.json"

    def impatient(subjects):
        yield from subjects[:2]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(fidelity, "_shown", impatient)
        code, out, err = run(*WORDS, file)
    assert (code, out) == (4, "")
    assert err == [f"samedevice: interrupted; go on with --resume, which reads {file}.partial"]
    code, _, err = run(*WORDS, file)
    assert (code, err) == (
        2,
        [f"samedevice: {file}.partial is an unfinished recording: go on with --resume, or delete it"],
    )
    assert run(*WORDS, file, "--resume")[0] == 0
    assert json.loads(file.read_text())["rows"] == json.loads(recorded.read_text())["rows"]
    assert not Path(f"{file}.partial").exists()


def test_a_part_can_be_completed(run, recorded, tmp_path):
    file = tmp_path / "a.json"
    assert run(*WORDS, file, "--limit", 2)[0] == 0
    part = json.loads(file.read_text())
    assert part["selection"] == "programs/scalars/a*, at most 2 subjects"
    assert run(*WORDS, file, "--resume")[0] == 0
    assert json.loads(file.read_text())["rows"] == json.loads(recorded.read_text())["rows"]


def test_nothing_recorded_is_said(run, monkeypatch):
    monkeypatch.setattr(references, "references", lambda: ())
    declarations = (Path(torchgen.__file__).parent / "packaged/ATen/native/native_functions.yaml").read_text()
    count = declarations.count("\n- func:")
    assert run("fidelity", "compare") == (4, f"nothing recorded: {count} rows of the rule table are derived\n", [])


def test_shipped_references_are_compared(run, recorded, changed, monkeypatch):
    files = (str(recorded), str(changed("dd", results=["float32@cpu"])))
    monkeypatch.setattr(references, "references", lambda: files)
    code, out, _ = run("fidelity", "compare")
    assert (code, out.count("recorded on virtual")) == (1, 2)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["record", "--device", "cpu", "-o", "x"], "a recording needs a device beside the CPU, such as cuda:0 or mps"),
        (["record", "--device", "tpu", "-o", "x"], "unknown device 'tpu'"),
        (["record", "--device", "virtual:cuda", "-o", "/no/such/x"], "cannot write /no/such/x: "),
        (["record", "--device", "virtual:cuda", "-o", "x", "--limit", "0"], "argument --limit: '0' is not a number"),
        (["record", "-o", "x"], "the following arguments are required: --device"),
        (["compare", "/no/such/x"], "cannot read /no/such/x: No such file or directory"),
        (["compare", "x", "--fail-below", "101"], "argument --fail-below: '101' is not a percentage: 0 to 100"),
        ([], "the following arguments are required: PART"),
    ],
)
def test_wrong_words_are_one_line_and_exit_2(run, words, message):
    code, out, err = run("fidelity", *words)
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"samedevice: {message}")


def test_a_real_device_must_be_there(run, tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_count", lambda kind: int(kind == "cpu"))
    code, _, err = run("fidelity", "record", "--device", "cuda:1", "-o", tmp_path / "x")
    assert (code, err) == (
        2,
        [
            "samedevice: no real cuda:1 on this machine: "
            "record where it is, or try everything out with --device virtual:cuda:1"
        ],
    )


def test_what_the_operators_need_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setattr(recorder, "find_spec", lambda name: None if name == "expecttest" else object())
    file = tmp_path / "x"
    code, _, err = run(*WORDS[:4], "-o", file)
    assert (code, err) == (
        2,
        [
            "samedevice: PyTorch's OpInfo database needs expecttest: pip install 'samedevice[fidelity]', "
            "or leave ops/ out with --only 'programs/*'"
        ],
    )
    assert run(*WORDS[:4], "--only", "programs/host/item", "-o", file)[0] == 0


def test_a_pattern_that_matches_nothing(run, tmp_path):
    code, _, err = run(*WORDS[:4], "--only", "programs/no*such", "-o", tmp_path / "x")
    assert code == 2
    assert err[0].startswith("samedevice: nothing matches programs/no*such: try 'ops/add'")
