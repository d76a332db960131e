import pytest

from samedevice.harness import engine, plan
from samedevice.harness.devices import resolve
from samedevice.suites.zoo.targets import targets


@pytest.fixture(scope="session")
def animals():
    """The targets of the zoo by name."""
    return {target.name: target for target in targets()}


@pytest.fixture
def results(animals):
    """Run checks on targets of the zoo, each named, on devices."""

    def run(names, devices, checks):
        places = [resolve(word) for word in devices]
        return list(
            engine.run(plan.grid([animals[name] for name in names], places, checks, suite="zoo", optional=True))
        )

    return run
