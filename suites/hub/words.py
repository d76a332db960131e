"""Words: what to say, and what to type, when a library refused to push or to pull."""

from typing import Any

# The first that fits: a kind of error or a status, and the mend.
_MENDS: tuple[tuple[str | int, str], ...] = (
    ("GatedRepoError", "the repository is gated: ask for access on its page, with the account of the token"),
    ("RevisionNotFoundError", "no branch, tag or commit has that name: `HfApi().list_repo_refs(repo)` lists them"),
    ("RemoteEntryNotFoundError", "the repository has no such file: `HfApi().list_repo_files(repo)` lists them"),
    ("RepositoryNotFoundError", "the id is wrong, or the token may not see the repository"),
    ("LocalEntryNotFoundError", "the Hub did not answer, and the cache does not have it: see HF_ENDPOINT"),
    ("OfflineModeIsEnabled", "unset HF_HUB_OFFLINE"),
    (401, "the Hub does not know the token: `hf auth login`, or set HF_TOKEN"),
    (403, "the token may not write there: make one with the role `write`"),
    (412, "the branch has moved on: pull it, then push again"),
    ("ConnectError", "no Hub answers there: see HF_ENDPOINT"),
)
# A mixin writes the card from the arguments of the class.
CARD = "Invalid metadata in README.md"
# What libraries make of an error of the client: their own type, with the client's words in it.
_TEXTS = (
    (CARD, "correct the YAML block at the head of the model card"),
    ("is not a valid model identifier", "the id is wrong, or the token may not see the repository"),
    ("is not a valid git identifier", "no branch, tag or commit has that name: `HfApi().list_repo_refs(repo)`"),
    ("does not appear to have a file named", "the repository has no such file: `HfApi().list_repo_files(repo)`"),
    ("401 Unauthorized", "the Hub does not know the token: `hf auth login`, or set HF_TOKEN"),
    ("403 Forbidden", "the token may not do that there: make one with the role `write`, of an account that may"),
    ("couldn't connect to", "the Hub did not answer, and the cache does not have it: see HF_ENDPOINT"),
)


def mend(error: dict[str, Any]) -> str | None:
    """What to type about a refusal, as `hubtrip.refusal` tells it; None where nobody knows."""
    for mark, text in _MENDS:
        if mark in error["kinds"] or mark == error["status"]:
            return text
    return next((text for words, text in _TEXTS if words.lower() in error["text"].lower()), None)
