import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samedevice.harness.errors import UsageError
from samedevice.harness.finding import Severity
from samedevice.harness.gate import Flaw, Key, Known, dumped, loaded
from samedevice.harness.result import Status

WORDS = st.text(max_size=5)
KEYS = st.builds(Key, suite=WORDS, target=WORDS, check=WORDS, device=WORDS, kind=st.sampled_from(["real", "virtual"]))
FLAWS = st.builds(Flaw, code=WORDS, subject=WORDS, file=WORDS, severity=st.sampled_from(Severity))
REASON = st.text(min_size=1).map(str.strip).filter(bool)


@st.composite
def knowns(draw):
    flaws = draw(st.dictionaries(FLAWS, st.integers(1, 3), max_size=2))
    flaky = draw(st.booleans())
    return Known(
        status=draw(st.sampled_from(Status)),
        flaws=Counter(flaws),
        reasons={flaw: draw(REASON) for flaw in flaws},
        flaky=flaky,
        reason=draw(REASON) if flaky else "",
    )


@given(st.dictionaries(KEYS, knowns(), max_size=2))
def test_what_is_written_is_read_back(baseline):
    text = dumped(baseline)
    assert loaded(text, "b") == baseline
    assert dumped(loaded(text, "b")) == text
    assert text.isascii()


@given(st.dictionaries(KEYS, knowns(), max_size=2), st.dictionaries(KEYS, knowns(), max_size=2))
def test_a_union_of_lines_in_any_order_is_a_baseline(ours, theirs):
    """What `merge=union` of git makes of two branches that added different cells."""
    theirs = {key: known for key, known in theirs.items() if key not in ours}
    head, *lines = dumped(ours).splitlines()
    merged = [head, *reversed(dumped(theirs).splitlines()[1:]), *lines]
    assert loaded("\n".join(merged), "b") == ours | theirs


KEY = {"target": "net", "check": "forward", "device": "cuda:0", "kind": "virtual"}
HEAD = {"schema": "samedevice-baseline/1"}


def text(*lines):
    return "\n".join(json.dumps(line) for line in lines) + "\n"


def test_the_lines_are_short_sorted_and_say_no_more_than_they_must():
    flaw = Flaw(code="SD301", subject="mask", file="net.py", severity=Severity.WARNING)
    keys = [Key(suite="", target=name, check="forward", device="cuda:0", kind="virtual") for name in "ba"]
    known = Known(status=Status.PASS, flaws=Counter({flaw: 2}), reasons={flaw: "tiny"})
    lines = dumped({keys[0]: Known(status=Status.PASS), keys[1]: known}).splitlines()
    assert lines[1:] == [
        '{"target": "a", "check": "forward", "device": "cuda:0", "kind": "virtual", "status": "pass"}',
        '{"target": "a", "check": "forward", "device": "cuda:0", "kind": "virtual", "code": "SD301", '
        '"severity": "warning", "subject": "mask", "file": "net.py", "count": 2, "reason": "tiny"}',
        '{"target": "b", "check": "forward", "device": "cuda:0", "kind": "virtual", "status": "pass"}',
    ]


@pytest.mark.parametrize(
    ("given_text", "message"),
    [
        ("", "b:0 is no line of a samedevice baseline: it is empty, want 'samedevice-baseline/1'"),
        ("{", "b:1 is no line of a samedevice baseline: Expecting property name"),
        ("[]", "b:1 is no line of a samedevice baseline: it is no object"),
        ('{"schema": "samedevice/1"}', "b:1 is no line of a samedevice baseline: schema is 'samedevice/1', want "),
        ('{"schema": "samedevice-baseline/0"}', "b:1 is no line of a samedevice baseline: schema is 'samedevice-ba"),
        (text(KEY), "b:1 is no line of a samedevice baseline: schema is None, want 'samedevice-baseline/1'"),
        (text(HEAD) + "<<<<<<< HEAD\n", "b:2 is no line of a samedevice baseline: a conflict of git"),
        (text(HEAD, KEY), "b:2 is no line of a samedevice baseline: 'status' is missing"),
        (text(HEAD, {"status": "pass"}), "b:2 is no line of a samedevice baseline: 'target' is missing"),
        (text(HEAD, KEY | {"status": "odd"}), "b:2 is no line of a samedevice baseline: 'odd' is none of pass, "),
        (text(HEAD, KEY | {"status": 1}), "b:2 is no line of a samedevice baseline: 'status' is 1, want str"),
        (text(HEAD, KEY | {"status": "pass", "x": 1}), "b:2 is no line of a samedevice baseline: 'x' is 1"),
        (text(HEAD, KEY | {"code": "SD201"}), "b:2 is no line of a samedevice baseline: 'severity' is missing"),
        (
            text(HEAD, KEY | {"code": "SD201", "severity": "error"}),
            "b:2 is no line of a samedevice baseline: SD201 is accepted without a reason: say why in 'reason'",
        ),
        (
            text(HEAD, KEY | {"status": "pass", "flaky": True}),
            "b:2 is no line of a samedevice baseline: a flaky cell is accepted without a reason: say why in 'reason'",
        ),
        (
            text(HEAD, KEY | {"status": "pass"}, KEY | {"status": "fail"}),
            "b:3 is no line of a samedevice baseline: another line says something else of this cell",
        ),
        (
            text(HEAD, KEY | {"code": "SD201", "severity": "error", "reason": "x"}),
            "b:2 is no line of a samedevice baseline: a finding of net, forward on cuda:0 stands without the line of ",
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_its_number(given_text, message):
    with pytest.raises(UsageError) as caught:
        loaded(given_text, "b")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_the_order_of_flaws_does_not_matter():
    key = Key(suite="", target="a", check="forward", device="cpu", kind="real")
    flaws = [Flaw(code="SD301", subject=subject) for subject in "ab"]
    texts = {
        dumped({key: Known(status=Status.PASS, flaws=Counter(order), reasons=dict.fromkeys(flaws, "x"))})
        for order in (flaws, flaws[::-1])
    }
    assert len(texts) == 1
