"""The large files of a repository, listed and deleted: by the real client, and by wrong words."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

PUSH = """
repo = api.create_repo({name!r}).repo_id
put = lambda data, path, **words: api.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id=repo, **words)
first = put(b"large 1 {name}", "one.bin").oid
put(b"text", "text.txt")
put(b"large 2 {name}", "two.bin")
api.create_branch(repo, branch="side")
put(b"large 3 {name}", "three.bin", revision="side")
found = {{one.filename: (one.file_oid, one.size, one.ref) for one in api.list_lfs_files(repo)}}
done(repo=repo, first=first, found=found)
"""
DELETE = """
repo = {repo!r}
gone = [one for one in api.list_lfs_files(repo) if one.ref == "refs/heads/main"]
api.permanently_delete_lfs_files(repo, gone, rewrite_history={rewrites})
done(left=[one.filename for one in api.list_lfs_files(repo)], files=api.list_repo_files(repo),
     side=api.list_repo_files(repo, revision="side"),
     now=refusal(hf_hub_download, repo, "one.bin"), then=refusal(hf_hub_download, repo, "one.bin", revision={first!r}),
     three=Path(hf_hub_download(repo, "three.bin", revision="side")).read_text(),
     titles=[one.title for one in api.list_repo_commits(repo)])
"""


def folder_of(served, repo):
    return Path(served.line["store"]) / "repositories" / "models" / f"{repo.lower()}.git"


def is_sound(folder):
    done = subprocess.run(
        ["git", "-C", folder, "fsck", "--full", "--strict", "--no-dangling"], capture_output=True, text=True
    )
    return (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("rewrites", [True, False])
def test_the_client_lists_and_deletes(served, client, name, mode, rewrites):
    pushed = client(PUSH.format(name=name), mode=mode)
    digests = {
        path: hashlib.sha256(f"large {number} {name}".encode()).hexdigest()
        for number, path in enumerate(("one.bin", "two.bin", "three.bin"), start=1)
    }
    assert pushed["found"] == {
        "one.bin": [digests["one.bin"], len(f"large 1 {name}"), "refs/heads/main"],
        "two.bin": [digests["two.bin"], len(f"large 1 {name}"), "refs/heads/main"],
        "three.bin": [digests["three.bin"], len(f"large 1 {name}"), "refs/heads/side"],
    }
    after = client(DELETE.format(repo=pushed["repo"], first=pushed["first"], rewrites=rewrites), mode=mode)
    assert after["left"] == ["three.bin"]
    pointers = set() if rewrites else {"one.bin", "two.bin"}
    assert set(after["files"]) == {".gitattributes", "text.txt"} | pointers
    assert set(after["side"]) == {".gitattributes", "text.txt", "three.bin"} | pointers
    assert after["now"][:2] == after["then"][:2] == ["RemoteEntryNotFoundError", 404]
    assert after["three"] == f"large 3 {name}"
    by_xet = Path(served.line["store"]) / "xet" / "digests"
    for path, sha256 in digests.items():
        kept = path == "three.bin"
        assert (on_disk(served, sha256), (by_xet / sha256).exists()) == (kept, kept and mode == "xet")
    titles = ["Upload two.bin with huggingface_hub", "Upload text.txt with huggingface_hub"]
    assert after["titles"] == [*titles, "Upload one.bin with huggingface_hub", "initial commit"]
    assert is_sound(folder_of(served, pushed["repo"]))


def listed(served, repo, who="alice", query=""):
    return served.ask("GET", f"/api/models/{repo}/lfs-files{query}", who)


def delete(served, repo, digests, who="alice", **words):
    body = {"deletions": {"sha": digests, "rewriteHistory": True, **words}}
    return served.ask("POST", f"/api/models/{repo}/lfs-files/batch", who, json=body)


def on_disk(served, sha256):
    return (Path(served.line["store"]) / "contents" / sha256[:2] / sha256[2:4] / sha256).exists()


def test_the_bytes_go_when_no_other_repository_has_them(served, name):
    one, other = served.create(f"{name}-one"), served.create(f"{name}-other")
    data = os.urandom(50)
    sha256 = served.large(one, "large.bin", data)
    served.large(other, "same.bin", data)
    assert delete(served, one, [sha256]).status_code == 200
    assert on_disk(served, sha256)
    assert served.ask("GET", f"/{other}/resolve/main/same.bin").status_code == 302
    assert delete(served, other, [sha256]).status_code == 200
    assert not on_disk(served, sha256)


def test_what_is_committed_again_is_there_again(served, name):
    repo, data = served.create(name), os.urandom(50)
    sha256 = served.large(repo, "large.bin", data)
    old = served.ask("GET", f"/api/models/{repo}").json()["sha"]
    delete(served, repo, [sha256])
    assert served.ask("GET", f"/{repo}/resolve/{old}/large.bin").status_code == 404
    assert served.large(repo, "again.bin", data) == sha256
    assert [one["filename"] for one in listed(served, repo).json()] == ["again.bin"]
    address = served.ask("GET", f"/{repo}/resolve/main/again.bin").headers["location"]
    assert served.ask("GET", address, None).content == data


def test_a_list_comes_in_pages(served, name):
    repo = served.create(name)
    for number in range(3):
        served.large(repo, f"{number}.bin", os.urandom(9))
    first = listed(served, repo, query="?limit=2")
    rest = served.ask("GET", first.links["next"]["url"])
    assert [len(first.json()), len(rest.json())] == [2, 1]
    assert {one["filename"] for one in first.json() + rest.json()} == {"0.bin", "1.bin", "2.bin"}
    assert "next" not in rest.links


def test_one_can_be_deleted_by_its_address(served, name):
    repo = served.create(name)
    kept, gone = (served.large(repo, f"{number}.bin", os.urandom(9)) for number in range(2))
    assert served.ask("DELETE", f"/api/models/{repo}/lfs-files/{gone}?rewriteHistory=true").status_code == 200
    assert [one["fileOid"] for one in listed(served, repo).json()] == [kept]
    assert [one["path"] for one in served.ask("GET", f"/api/models/{repo}/tree/main").json()] == [
        ".gitattributes",
        "0.bin",
    ]


def test_a_copy_of_what_was_deleted_is_refused(served, name):
    one, other = served.create(f"{name}-one"), served.create(f"{name}-other")
    data = os.urandom(50)
    sha256 = served.large(one, "large.bin", data)
    words = {"target": {"type": "model", "name": other}, "files": [{"sha256": sha256}]}
    ask = ("POST", f"/api/models/{one}/lfs-files/duplicate")
    assert served.ask(*ask, json=words).json() == {"failed": [], "succeeded": 1}
    served.large(other, "same.bin", data)
    delete(served, one, [sha256])
    assert on_disk(served, sha256)
    assert served.ask(*ask, json=words).json()["succeeded"] == 0


def test_a_discussion_speaks_of_the_commits_that_are_there(served, name):
    repo = served.create(name)
    sha256 = served.large(repo, "large.bin", os.urandom(50))
    assert served.commit(repo, {"text": b"text"}, who="bob", revision="main?create_pr=1").status_code == 200
    delete(served, repo, [sha256])
    (ref,) = served.ask("GET", f"/api/models/{repo}/refs?include_prs=1").json()["pullRequests"]
    events = served.ask("GET", f"/api/models/{repo}/discussions/1").json()["events"]
    assert [one["data"]["oid"] for one in events if one["type"] == "commit"] == [ref["targetCommit"]]
    assert served.ask("POST", f"/api/models/{repo}/discussions/1/merge").status_code == 200
    assert is_sound(folder_of(served, repo))


def test_who_may(served, name):
    repo = served.create(name)
    sha256 = served.large(repo, "large.bin", os.urandom(9))
    for who, status in (("bob", 403), ("alice read", 403), (None, 401)):
        assert listed(served, repo, who).status_code == status
        assert delete(served, repo, [sha256], who).status_code == status
    assert [one["fileOid"] for one in listed(served, repo).json()] == [sha256]


@pytest.mark.parametrize(
    ("deletions", "status", "told"),
    [
        ({"sha": ["0" * 64]}, 404, "has no large file of sha256 000"),
        ({"sha": "0" * 64}, 400, "not a list of sha256"),
        ({"sha": [1]}, 400, "not a list of sha256"),
        ({}, 400, "not a list of sha256"),
        ({"sha": [], "rewriteHistory": "yes"}, 400, "neither true nor false"),
        ([], 400, "deletions is not an object"),
    ],
)
def test_wrong_words(served, name, deletions, status, told):
    repo = served.create(name)
    kept = served.large(repo, "large.bin", b"kept")
    answer = served.ask("POST", f"/api/models/{repo}/lfs-files/batch", json={"deletions": deletions})
    assert (answer.status_code, told in answer.json()["error"]) == (status, True)
    assert [one["fileOid"] for one in listed(served, repo).json()] == [kept]
