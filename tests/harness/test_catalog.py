from importlib.metadata import EntryPoint

import pytest

from samedevice.harness import catalog
from samedevice.harness.check import Check
from samedevice.harness.errors import UsageError
from samedevice.harness.suite import Suite


def _check(name):
    return Check(name=name, title="", question="", run=lambda target, device: iter(()))


FORWARD, BACKWARD, TWIN = _check("forward"), _check("backward"), _check("forward")
HUB = _check("hub")
CHECKS, MORE, TWINS, ASKED = (FORWARD,), (BACKWARD,), (TWIN,), (HUB,)
MATH = Suite(name="math", title="", targets=tuple, checks=CHECKS)
ZOO = Suite(name="zoo", title="", targets=tuple, checks=CHECKS)


def render(report):
    return "rendered"


@pytest.fixture
def installed(monkeypatch):
    """Installs entry points that lead into this module: `installed("suites", math="MATH")`."""
    import sys

    monkeypatch.setitem(sys.modules, "catalogued", sys.modules[__name__])
    groups = {}
    monkeypatch.setattr(catalog, "entry_points", lambda group: groups.get(group, []))

    def install(group, **entries):
        group = f"samedevice.{group}"
        groups[group] = [EntryPoint(name, f"catalogued:{attr}", group) for name, attr in entries.items()]

    return install


def test_suites_by_name_and_all_but_the_long_ones(installed):
    installed("suites", zoo="ZOO", math="MATH")
    assert catalog.suite_names() == ("math", "zoo")
    assert catalog.suites() == (MATH,)
    assert catalog.suites(["zoo", "math", "zoo"]) == (ZOO, MATH)


def test_checks_go_by_their_own_names(installed):
    installed("checks", placement="CHECKS", training="MORE")
    assert catalog.checks() == (FORWARD, BACKWARD)
    assert catalog.checks(["backward"]) == (BACKWARD,)


def test_the_hub_is_asked_by_name_alone(installed):
    installed("checks", placement="CHECKS", hub="ASKED")
    assert catalog.checks() == (FORWARD,)
    assert catalog.checks(["hub"]) == (HUB,)


def test_renderer(installed):
    installed("renderers", table="render")
    assert catalog.renderer("table") is render
    assert catalog.formats() == ("table",)


def test_unknown_names(installed):
    installed("suites", math="MATH", zoo="ZOO")
    installed("checks", placement="CHECKS")
    installed("renderers", markdown="render")
    with pytest.raises(UsageError) as suite:
        catalog.suites(["maths"])
    assert str(suite.value) == "unknown suite 'maths', did you mean 'math'? known are: math, zoo"
    with pytest.raises(UsageError) as check:
        catalog.checks(["forwards"])
    assert str(check.value) == "unknown check 'forwards', did you mean 'forward'? known are: forward"
    with pytest.raises(UsageError) as fmt:
        catalog.renderer("pdf")
    assert str(fmt.value) == "unknown format 'pdf'; known are: markdown"


def test_two_checks_of_one_name_are_refused(installed):
    installed("checks", ours="CHECKS", theirs="TWINS")
    with pytest.raises(UsageError, match="two installed checks are called 'forward'"):
        catalog.checks()


def test_an_entry_point_that_leads_nowhere(installed):
    installed("suites", math="GONE")
    with pytest.raises(UsageError, match=r"samedevice\.suites 'math' of an installed package does not load: .*GONE"):
        catalog.suites(["math"])
