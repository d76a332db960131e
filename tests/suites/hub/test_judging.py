"""What is said of a push and a pull, by what the clients told: no Hub is asked here."""

import pytest
import torch

from samedevice.harness.finding import Location
from samedevice.harness.hubtrip.lines import Written
from samedevice.suites.hub import arrived, pushed, revisions


def file(size=4, sha="s", oid="o"):
    return {"size": size, "sha256": sha, "oid": oid}


@pytest.fixture
def sent():
    """A push that went well."""
    said = {"state": {"w": "tensor torch.float32 [2] ab12"}, "leaves": [("output", torch.ones(2))], "raised": None}
    return {
        "said": said,
        "model": "Net",
        "leaks": [],
        "changed": [],
        "commits": 1,
        "options": {},
        "saved": {"model.safetensors": file(), "README.md": file()},
        "files": {"model.safetensors": file(), ".gitattributes": file(1500)},
        "written": Written(),
        "created": None,
        "committed": None,
    }


def got(sent, **said):
    return {"said": sent["said"] | said, "cached": ["model.safetensors"]}


def codes(findings):
    return [(finding.code, finding.subject) for finding in findings]


def test_a_good_trip_says_nothing(sent):
    assert list(pushed.judged(sent, "push")) == []
    assert list(arrived.judged(sent, got(sent), "pull")) == []


@pytest.mark.parametrize("there", [{}, {"model.safetensors": file(sha="other")}])
def test_a_file_that_is_lacking_or_another(sent, there):
    assert codes(pushed.judged(sent | {"files": there}, "push")) == [("SD603", "model.safetensors")]
    assert list(pushed.judged(sent | {"files": there}, "push", whole=False)) == []


def test_a_small_file_is_compared_by_gits_digest(sent):
    same = sent | {"files": {"model.safetensors": file(sha=None)}}
    other = sent | {"files": {"model.safetensors": file(sha=None, oid="other")}}
    assert (pushed.lacking(same), pushed.lacking(other)) == ([], ["model.safetensors"])


def test_a_file_that_no_two_saves_write_alike_must_only_be_there(sent):
    assert pushed.lacking(sent | {"saved": {"model.safetensors": None}}) == []
    assert pushed.lacking(sent | {"saved": {"other.pt": None}}) == ["other.pt"]


def test_a_subfolder_is_looked_into(sent):
    told = sent | {"options": {"subfolder": "w"}, "files": {"w/model.safetensors": file()}}
    assert pushed.lacking(told) == []


@pytest.mark.parametrize(
    ("flaw", "code"), [({"leaks": ["a"]}, "SD613"), ({"changed": ["a"]}, "SD614"), ({"commits": 2}, "SD609")]
)
def test_what_else_a_push_may_do(sent, flaw, code):
    assert [finding.code for finding in pushed.judged(sent | flaw, "push")] == [code]


@pytest.mark.parametrize("state", [{}, {"w": "tensor torch.float32 [2] cd34"}])
def test_a_tensor_that_is_lost_or_another(sent, state):
    (found,) = arrived.judged(sent, got(sent, state=state), "pull")
    assert (found.code, found.subject) == ("SD601", "w")
    assert "what lies on the Hub is what the model saves to disk" in found.message
    assert "roundtrip" in found.hint


def test_the_hub_is_to_blame_where_its_files_are_others(sent):
    (found,) = arrived.judged(sent | {"files": {}}, got(sent, state={}), "pull")
    assert "is not what the model saves to disk" in found.message


def test_a_tensor_that_nobody_pushed(sent):
    (found,) = arrived.judged(sent, got(sent, state=sent["said"]["state"] | {"new": "x"}), "pull")
    assert (found.subject, "was not pushed" in found.message) == ("new", True)


def test_beyond_five_tensors_are_counted(sent):
    told = sent | {"said": sent["said"] | {"state": {f"w{i}": "x" for i in range(9)}}}
    found = list(arrived.judged(told, got(told, state={}), "pull"))
    assert len(found) == 6
    assert "4 more tensors" in found[-1].message


@pytest.mark.parametrize(("by", "severity"), [(1.0, "error"), (1e-7, "note")])
def test_another_answer_of_the_same_weights(sent, by, severity):
    (found,) = arrived.judged(sent, got(sent, leaves=[("output", torch.ones(2) + by)]), "pull")
    assert (found.code, found.severity.value) == ("SD602", severity)


def test_a_pull_that_raised(sent):
    error = {"kinds": ["GatedRepoError"], "text": "GatedRepoError: no", "status": 403, "line": None}
    (found,) = arrived.judged(sent, {"error": error}, "pull")
    assert (found.code, "ask for access" in found.hint) == ("SD605", True)
    (found,) = pushed.refused(sent | {"refused": error | {"kinds": [], "status": 403}}, "push")
    assert (found.code, "role `write`" in found.hint) == ("SD604", True)


def answered(**fields):
    return {"method": "GET", "status": 200, "sent": 9, "origin": "hub", "path": "/a/b/resolve/main/x", **fields}


NAME = "/a/b/resolve/main/model.safetensors"


@pytest.mark.parametrize(
    ("log", "is_served"),
    [
        ([], False),
        ([answered()], False),
        ([answered(path=NAME)], True),
        ([answered(path=NAME, sent=0)], False),
        ([answered(path=NAME, method="HEAD")], False),
        ([answered(path=NAME, status=404)], False),
        ([answered(origin="cas", path="/xorb")], True),
        ([answered(origin="cdn", path="/lfs", status=206)], True),
    ],
)
def test_the_log_says_whether_the_weights_were_served(sent, log, is_served):
    found = codes(arrived.served(sent, got(sent), log, "pull"))
    assert found == ([] if is_served else [("SD606", "model.safetensors")])


def test_where_there_is_no_log_the_clients_cache_says_it(sent):
    assert list(arrived.served(sent, got(sent), None, "pull")) == []
    assert codes(arrived.served(sent, got(sent) | {"cached": []}, None, "pull")) == [("SD606", "model.safetensors")]


def test_bytes_are_counted_where_there_is_a_log():
    assert arrived.bytes_of(None) is None
    assert arrived.bytes_of([answered(), answered(origin="cas"), answered(path="/api/models")]) == 18


PUSH, LOAD, INIT, HEAD, SENT, GOT = (Location(file="net.py", line=line) for line in range(1, 7))


@pytest.fixture
def own(sent):
    """A push by a class whose author has written all of it."""
    written = Written(push=PUSH, load=LOAD, constructor=INIT, heading=HEAD)
    return sent | {"written": written, "created": None, "committed": SENT}


def places(findings):
    return {(finding.code, finding.origin) for finding in findings}


def test_what_a_push_has_done_wrong_is_in_the_line_that_sent_it(own):
    wrong = own | {"files": {}, "commits": 2, "leaks": ["config.json"], "changed": ["w"]}
    assert places(pushed.judged(wrong, "push")) == {("SD603", SENT), ("SD609", SENT), ("SD613", INIT), ("SD614", PUSH)}
    assert places(pushed.judged(wrong | {"committed": None}, "push")) >= {("SD603", PUSH), ("SD609", PUSH)}


def test_what_is_lost_is_in_the_line_that_pushes_or_in_the_class_that_loads(own):
    assert places(arrived.judged(own | {"files": {}}, got(own, state={}), "pull")) == {("SD601", SENT)}
    assert places(arrived.judged(own, got(own, state={}), "pull")) == {("SD601", PUSH)}
    others = got(own, leaves=[("output", torch.ones(2) + 1)])
    assert places(arrived.judged(own, others, "pull")) == {("SD602", LOAD)}
    for written, line in ((Written(constructor=INIT, heading=HEAD), INIT), (Written(heading=HEAD), HEAD)):
        assert places(arrived.judged(own | {"written": written}, others, "pull")) == {("SD602", line)}


def test_a_refusal_hurts_in_the_line_that_it_passed(own):
    error = {"kinds": [], "text": "no", "status": 403, "line": GOT}
    (found,) = pushed.refused(own | {"refused": error}, "push")
    assert (found.origin, found.use) == (None, GOT)
    (found,) = pushed.refused(own | {"refused": error | {"text": "Invalid metadata in README.md."}}, "push")
    assert (found.origin, found.use) == (HEAD, GOT)
    (found,) = arrived.judged(own, {"error": error}, "pull")
    assert (found.origin, found.use) == (LOAD, GOT)


def test_a_model_that_must_not_come_is_in_the_line_that_asked(own):
    assert places([revisions.unfailing(own, {"line": GOT}, "nothing")]) == {("SD611", GOT)}
    assert places([revisions.unfailing(own, {"line": None}, "nothing")]) == {("SD611", LOAD)}
    assert places(arrived.served(own, got(own) | {"line": None}, [], "pull")) == {("SD606", LOAD)}


def test_a_library_has_no_line(sent):
    wrong = sent | {"files": {}, "commits": 2, "leaks": ["config.json"], "changed": ["w"]}
    found = [*pushed.judged(wrong, "push"), *arrived.judged(wrong, got(wrong, state={}), "pull")]
    assert {finding.origin for finding in found} == {None}
