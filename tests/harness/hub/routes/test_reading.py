"""Trees, paths, commits and their pages."""

import pytest


@pytest.fixture(scope="module")
def repo(served):
    made = served.create("many-files")
    served.commit(made, {f"d{number % 3}/f{number:04}.txt": b"x" for number in range(1100)})
    served.commit(made, {"d0/new.txt": b"new", "top.txt": b"top"})
    return made


def pages(served, path):
    found = []
    while path:
        answer = served.ask("GET", path)
        assert answer.status_code == 200
        found.append(answer.json())
        path = answer.links.get("next", {}).get("url")
    return found


@pytest.mark.parametrize("true", ["true", "True", "1"])
def test_a_long_tree_comes_in_pages(served, repo, true):
    found = pages(served, f"/api/models/{repo}/tree/main?recursive={true}")
    assert [len(one) for one in found] == [1000, 106]
    paths = [entry["path"] for one in found for entry in one]
    assert len(set(paths)) == 1106
    assert {"d0", "d0/new.txt", "top.txt", ".gitattributes"} <= set(paths)


def test_one_folder_at_a_time(served, repo):
    (top,) = pages(served, f"/api/models/{repo}/tree/main")
    assert [(one["type"], one["path"]) for one in top] == [
        ("file", ".gitattributes"),
        *(("directory", f"d{number}") for number in range(3)),
        ("file", "top.txt"),
    ]
    (below,) = pages(served, f"/api/models/{repo}/tree/main/d0")
    assert len(below) == 368
    for path, code in (("none", "EntryNotFound"), ("d0%2Fnone", "EntryNotFound")):
        answer = served.ask("GET", f"/api/models/{repo}/tree/main/{path}")
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, code)
    assert served.ask("GET", f"/api/models/{repo}/tree/none").headers["x-error-code"] == "RevisionNotFound"


def test_the_paths_that_were_asked_for(served, repo):
    words = {"paths": ["d0/new.txt", "none", "d1"], "expand": "true"}
    found = served.ask("POST", f"/api/models/{repo}/paths-info/main", data=words).json()
    assert [(one["type"], one["path"]) for one in found] == [("file", "d0/new.txt"), ("directory", "d1")]
    newest, middle, _ = pages(served, f"/api/models/{repo}/commits/main")[0]
    assert [one["lastCommit"]["id"] for one in found] == [newest["id"], middle["id"]]


def test_commits_come_in_pages_newest_first(served, name):
    made = served.create(f"{name}-many")
    for number in range(4):
        served.commit(made, {"a": str(number).encode()}, summary=f"commit {number}")
    found = pages(served, f"/api/models/{made}/commits/main?limit=2")
    assert [[one["title"] for one in page] for page in found] == [
        ["commit 3", "commit 2"],
        ["commit 1", "commit 0"],
        ["initial commit"],
    ]
    assert served.ask("GET", f"/api/models/{made}/commits/main?cursor=x").status_code == 400


def test_what_a_repository_says_of_itself(served, name):
    made = served.create(f"{name}-info")
    served.commit(made, {"README.md": b"---\nlibrary_name: transformers\npipeline_tag: fill-mask\n---\n"})
    oid = served.large(made, "x.bin", name.encode())
    found = served.ask("GET", f"/api/models/{made}?blobs=true").json()
    siblings = {one["rfilename"]: one for one in found["siblings"]}
    assert siblings["x.bin"]["lfs"]["sha256"] == oid
    assert siblings["x.bin"]["size"] == len(name)
    assert (found["library_name"], found["pipeline_tag"]) == ("transformers", "fill-mask")
    some = served.ask("GET", f"/api/models/{made}?expand=sha&expand=private").json()
    assert sorted(some) == ["_id", "id", "private", "sha"]
