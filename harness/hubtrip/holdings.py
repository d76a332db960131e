"""Holdings: what the Hub has of a repository, as it says itself, and what the client's cache has."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def files(repo: str, revision: str | None) -> dict[str, Any]:
    """What the Hub says of the files that it has."""
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

    tree = HfApi().list_repo_tree(repo, recursive=True, revision=revision)
    return {
        item.path: {"size": item.size, "sha256": item.lfs.sha256 if item.lfs else None, "oid": item.blob_id}
        for item in tree
        if isinstance(item, RepoFile)
    }


def commits(repo: str, revision: str | None) -> list[str]:
    """The commits of a branch, newest first; none where it, or the repository, is not there."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    try:
        return [commit.commit_id for commit in HfApi().list_repo_commits(repo, revision=revision)]
    except (RepositoryNotFoundError, RevisionNotFoundError):
        return []


def cached(repo: str) -> list[str]:
    """The files of a repository that the client's own cache holds."""
    from huggingface_hub import constants
    from huggingface_hub.file_download import repo_folder_name

    home = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repo, repo_type="model") / "snapshots"
    found = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    return sorted({str(Path(*path.parts[1:])) for path in found})


def model_card(repo: str) -> Any:
    """The model card that is there now, whatever the cache has; None where there is none."""
    from huggingface_hub import HfApi, ModelCard

    if not HfApi().file_exists(repo, "README.md"):
        return None
    with TemporaryDirectory(prefix="samedevice-") as folder:
        return ModelCard.load(HfApi().hf_hub_download(repo, "README.md", local_dir=folder))


def upload_card(repo: str, text: str) -> None:
    """Write the model card of a repository; the client has its metadata validated before."""
    from huggingface_hub import HfApi

    HfApi().upload_file(path_or_fileobj=text.encode(), path_in_repo="README.md", repo_id=repo)
