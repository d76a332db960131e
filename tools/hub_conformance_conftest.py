"""Stands in for the conftest.py that huggingface_hub leaves out of its sdist; `hub_conformance.py` copies it there.

Their tests name the fixtures and the markers; what these do is said in their pyproject.toml and in the tests.
"""

import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi, RepoUrl, constants

from .testing_constants import ENDPOINT_STAGING, TOKEN
from .testing_utils import repo_name

RepoFactory = Callable[..., RepoUrl]
HAS_XET = os.environ.get("HF_HUB_DISABLE_XET") != "1"


def pytest_configure(config: pytest.Config) -> None:
    """Declare their markers."""
    for marker in ("api", "transfer", "inference", "xet", "no_xet", "production", "deprecated(*names)", "git_lfs"):
        config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine or this mode cannot run: the only skips that are not theirs."""
    reasons = {"production": "asks huggingface.co", "git_lfs": "needs git-lfs and wget from the internet"}
    reasons["no_xet" if HAS_XET else "xet"] = "the other mode"
    for item in items:
        for marker, reason in reasons.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def api() -> HfApi:
    """The client, as the first user."""
    return HfApi(endpoint=ENDPOINT_STAGING, token=TOKEN)


@pytest.fixture(scope="session")
def api_prod() -> HfApi:
    """Only asked for by tests that are skipped."""
    return HfApi(endpoint=constants.ENDPOINT)


@pytest.fixture
def new_repo_id(api: HfApi) -> Iterator[str]:
    """An id of no repository yet; what the test makes of it is removed."""
    identifier = f"alice/{repo_name()}"
    yield identifier
    api.delete_repo(identifier, missing_ok=True)


@pytest.fixture(scope="session")
def repo_factory(api: HfApi) -> Iterator[RepoFactory]:
    """Makes repositories, and removes them afterwards."""
    made: list[tuple[RepoUrl, str]] = []

    def factory(
        repo_type: str = "model", *, repo_id: str | None = None, token: str = TOKEN, **words: object
    ) -> RepoUrl:
        url = api.create_repo(repo_id or repo_name(), repo_type=repo_type, token=token, **words)  # type: ignore[arg-type]
        made.append((url, token))
        return url

    yield factory
    for url, token in made:
        api.delete_repo(url.repo_id, repo_type=url.repo_type, token=token, missing_ok=True)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token of the machine, and a token file that nobody shares."""
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    monkeypatch.setattr(constants, "HF_STORED_TOKENS_PATH", str(home / "stored_tokens"))


@pytest.fixture(autouse=True)
def _deprecated(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is marked as deprecated warns of it."""
    marker = request.node.get_closest_marker("deprecated")
    if marker is None:
        yield
        return
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    said = [str(one.message) for one in caught if issubclass(one.category, FutureWarning)]
    assert all(any(name in text for text in said) for name in marker.args)
