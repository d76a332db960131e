import pytest

from samedevice.harness.device import Device
from samedevice.harness.finding import Location
from samedevice.harness.result import Status
from samedevice.harness.suppressing import applied
from samedevice.harness.suppressing.comments import comments
from samedevice.harness.suppression import Entry

CPU = Device(kind="cpu")
CUDA, CUDA_1, MPS = (
    Device(kind=kind, index=index, virtual=True) for kind, index in (("cuda", 0), ("cuda", 1), ("mps", 0))
)
TEXT = "b = 2  # samedevice: ignore[SD301] -- tiny\n"
HERE = Location(file="pyproject.toml", line=3)


def entry(**fields):
    return Entry(**{"code": "SD301", "reason": "tiny", "place": HERE, **fields})


def told(cells):
    return [(cell.target, one.code, one.subject) for cell in cells for one in cell.findings if one.code == "SD901"]


@pytest.fixture
def met(source):
    return comments(source(TEXT)(1).file)


def test_a_comment_that_silenced_nothing_where_all_was_asked_is_stale(result, plan, met):
    cells = applied([result(device=device, met=met) for device in (CUDA, CUDA_1, MPS)], (), plan("transfers"))
    assert told(cells) == [("net", "SD901", "SD301")]
    assert (cells[-1].check, cells[-1].status, cells[-1].findings[0].origin) == (
        *("suppressions", Status.PASS),
        met[0].place,
    )
    assert cells[-1].has_problem


def test_one_that_silenced_something_anywhere_is_not(result, plan, met, finding):
    used = result(finding(origin=met[0].place), device=MPS, met=met)
    assert told(applied([result(met=met), result(device=CUDA_1), used], (), plan("transfers"))) == []


@pytest.mark.parametrize("status", [Status.NOT_CHECKED, Status.ERROR])
def test_nor_where_a_check_was_not_made(result, plan, met, status):
    open_end = result(device=MPS, met=met, status=status, reason="why")
    assert told(applied([result(met=met), result(device=CUDA_1), open_end], (), plan("transfers"))) == []


@pytest.mark.parametrize(("checks", "devices"), [(["forward"], (CUDA, CUDA_1, MPS)), (["transfers"], (CUDA, MPS))])
def test_nor_where_a_check_or_device_was_left_out(result, plan, met, checks, devices):
    planned = plan(*checks, devices=devices)
    results = [result(device=cell.device, check=cell.check.name, met=met) for cell in planned]
    assert told(applied(results, (), planned)) == []


def test_a_check_that_does_not_apply_is_answered(result, plan, met):
    assert told(applied([result(met=met, check="placement")], (), plan("placement", "transfers"))) != []


def test_a_comment_whose_code_no_known_check_reports_is_never_stale(result, plan, source):
    met = comments(source("b = 2  # samedevice: ignore[SD804] -- x\n")(1).file)
    assert told(applied([result(met=met)], (), plan("transfers", "train"))) == []


def test_every_model_that_has_the_comment_must_have_been_asked(result, plan, met):
    results = [result(met=met), result(target="other", check="forward", met=met)]
    assert told(applied(results, (), [*plan("transfers"), *plan("forward", target="other")])) == []
    assert told(applied(results, (), [*plan("transfers"), *plan("forward", "transfers", target="other")])) == [
        ("net", "SD901", "SD301")
    ]


def test_each_code_of_a_comment_for_itself(result, plan, source, finding):
    at = source("b = 2  # samedevice: ignore[SD301, SD302] -- x\n")
    met = comments(at(1).file)
    used = result(finding(origin=at(1)), met=met)
    assert told(applied([used], (), plan("transfers"))) == [("net", "SD901", "SD302")]


def test_an_entry_is_stale_like_a_comment(result, plan, finding):
    assert told(applied([result()], [entry()], plan("transfers"))) == [("net", "SD901", "SD301")]
    assert told(applied([result(finding())], [entry()], plan("transfers"))) == []
    assert told(applied([result()], [entry()], plan("transfers", devices=(CUDA,)))) == []


def test_an_entry_of_a_device_needs_that_device_alone(result, plan):
    planned = plan("transfers", devices=(CPU, MPS))
    assert told(applied([result(device=MPS)], [entry(device="mps")], planned)) == [("net", "SD901", "SD301")]
    assert told(applied([result(device=MPS)], [entry(device="cuda")], planned)) == []


def test_an_entry_of_a_target_that_was_not_asked_is_not_stale(result, plan):
    assert told(applied([result()], [entry(target="other")], plan("transfers"))) == []


def test_an_entry_needs_every_target_that_it_names(result, plan):
    results, planned = [result(), result(target="net2")], [*plan("transfers"), *plan("forward", target="net2")]
    assert told(applied(results, [entry(target="net*")], planned)) == []


def test_the_audit_asks_by_its_result_alone(result):
    audit = result(target="run", device=CPU, check="audit")
    assert told(applied([audit], [entry(code="SD706")])) == [("run", "SD901", "SD706")]
    assert told(applied([audit], [entry()])) == []


def test_a_void_comment_is_not_called_stale_as_well(result, plan, source):
    met = comments(source("b = 2  # samedevice: ignore[SD301]\n")(1).file)
    cells = applied([result(met=met)], (), plan("transfers"))
    assert [one.code for one in cells[-1].findings] == ["SD902"]
