import pytest
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

from samedevice.harness.hubtrip.refusal import refusal
from samedevice.suites.hub.words import mend


class Answer:
    def __init__(self, status):
        self.status_code, self.headers, self.request = status, {}, None


def told(error, status=None):
    error.response = Answer(status)
    return refusal(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (GatedRepoError.__new__(GatedRepoError), "gated"),
        (RevisionNotFoundError.__new__(RevisionNotFoundError), "list_repo_refs"),
        (RepositoryNotFoundError.__new__(RepositoryNotFoundError), "id is wrong"),
        (OSError("x is not a valid git identifier (branch name...)"), "list_repo_refs"),
        (OSError("a/b does not appear to have a file named model.safetensors"), "list_repo_files"),
        (OSError("We couldn't connect to 'http://h' to load the files"), "HF_ENDPOINT"),
        (OSError("a specific error: 401 Unauthorized for url"), "HF_TOKEN"),
        (ValueError("Invalid metadata in README.md."), "YAML"),
    ],
)
def test_what_can_be_done_is_said(error, words):
    assert words in mend(told(error))


@pytest.mark.parametrize(("status", "words"), [(401, "HF_TOKEN"), (403, "role `write`"), (412, "moved on")])
def test_a_status_alone_says_enough(status, words):
    assert words in mend(told(OSError("?"), status))


def test_nothing_is_made_up():
    assert mend(told(ValueError("strange"), 418)) is None


def test_a_refusal_is_one_line_of_plain_data():
    made = refusal(ValueError("one\n  two" + "x" * 2000))
    assert made["text"].startswith("ValueError: one two")
    assert (len(made["text"]), made["kinds"][:2], made["status"]) == (700, ["ValueError", "Exception"], None)
