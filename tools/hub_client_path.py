"""What a user does with a Hub, in one process: `hub_clients.py` runs it with several versions of the client.

It imports huggingface_hub alone, and uses what its versions since 1.0 have in common.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)


def main(repo: str, other: str) -> None:
    """Create, push, pull, look, refuse, delete; `other` is another user's token."""
    api = HfApi()
    assert api.whoami()["name"] == repo.partition("/")[0]
    assert api.create_repo(repo, private=True).repo_id == repo
    with tempfile.TemporaryDirectory() as folder:
        pushed = push(api, repo, Path(folder))
        pulled = Path(snapshot_download(repo, cache_dir=f"{folder}/cold"))
        assert {file: digest(pulled / file) for file in pushed} == pushed
        assert digest(Path(hf_hub_download(repo, "large.bin", cache_dir=f"{folder}/colder"))) == pushed["large.bin"]
    look(api, repo)
    refuse(api, repo, other)
    branches(api, repo)
    api.delete_repo(repo)
    assert not api.repo_exists(repo)


def push(api: HfApi, repo: str, folder: Path) -> dict[str, str]:
    """Upload a folder, twice: the second time nothing is new. Path -> sha256."""
    here = folder / "pushed"
    (here / "deep er").mkdir(parents=True)
    (here / "large.bin").write_bytes(os.urandom(7 << 20) + bytes(5 << 20))
    (here / "config.json").write_text("{}")
    (here / "deep er" / "für.txt").write_text("schön")
    (here / "empty.bin").touch()
    (here / "README.md").write_text("---\nlicense: mit\n---\n# A card\n")
    first = api.upload_folder(repo_id=repo, folder_path=here)
    assert api.upload_folder(repo_id=repo, folder_path=here).oid == first.oid
    return {file.relative_to(here).as_posix(): digest(file) for file in here.rglob("*") if file.is_file()}


def look(api: HfApi, repo: str) -> None:
    """Read what the Hub says of it."""
    info = api.repo_info(repo, files_metadata=True)
    sizes = {one.rfilename: one.size for one in info.siblings or ()}
    assert sizes["large.bin"] == 12 << 20
    assert info.private
    assert {one.path for one in api.list_repo_tree(repo)} >= {"deep er", "large.bin"}
    assert [one.path for one in api.get_paths_info(repo, ["config.json", "no"])] == ["config.json"]
    assert [one.title for one in api.list_repo_commits(repo)][-1] == "initial commit"
    assert repo in {one.id for one in api.list_models(author=repo.partition("/")[0])}


def refuse(api: HfApi, repo: str, other: str) -> None:
    """Be refused for the right reasons."""
    head = api.repo_info(repo).sha
    add = [CommitOperationAdd("small.txt", b"small")]
    api.create_commit(repo, add, commit_message="small", parent_commit=head)
    refused(
        HfHubHTTPError,
        lambda: api.create_commit(repo, [CommitOperationAdd("b", b"")], commit_message="b", parent_commit=head),
    )
    refused(EntryNotFoundError, lambda: hf_hub_download(repo, "no.txt"))
    refused(RevisionNotFoundError, lambda: hf_hub_download(repo, "config.json", revision="no"))
    refused(RepositoryNotFoundError, lambda: api.repo_info(repo, token=False))
    refused(RepositoryNotFoundError, lambda: hf_hub_download(repo, "config.json", token=other))
    api.update_repo_settings(repo, private=False, gated="manual")
    refused(GatedRepoError, lambda: hf_hub_download(repo, "config.json", token=other))


def branches(api: HfApi, repo: str) -> None:
    """Branch, tag and pull request."""
    api.create_branch(repo, branch="feat/x")
    api.create_commit(repo, [CommitOperationDelete("small.txt")], commit_message="less", revision="feat/x")
    assert not api.file_exists(repo, "small.txt", revision="feat/x")
    assert api.file_exists(repo, "small.txt")
    api.create_tag(repo, tag="v1")
    made = api.create_commit(repo, [CommitOperationAdd("p.bin", b"\0")], commit_message="a proposal", create_pr=True)
    assert made.pr_num == 1
    api.merge_pull_request(repo, 1)
    assert api.file_exists(repo, "p.bin")
    assert not api.file_exists(repo, "p.bin", revision="v1")


def refused(error: type[Exception], call: Callable[[], object]) -> None:
    """The call raises just that."""
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


def digest(file: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
