"""What users do, with the real client, by Git LFS and by xet; every process begins with empty caches."""

import hashlib

import pytest

PUSH = """
import numpy
from safetensors.numpy import save_file
repo = api.create_repo({name!r}, private=True).repo_id
folder = Path("pushed"); (folder / "deep er").mkdir(parents=True)

save_file({{"w": numpy.random.rand(300, 300), "b": numpy.arange(7.0)}}, folder / "model.safetensors")
(folder / "large.bin").write_bytes(os.urandom(7 << 20) + bytes(5 << 20))
(folder / "config.json").write_text('{{"a": 1}}')
(folder / "deep er" / "für.txt").write_text("schön")
(folder / "empty.bin").touch()
(folder / "README.md").write_text("---\\nlicense: mit\\ntags:\\n- small\\n---\\n# A card\\n")
first = api.upload_folder(repo_id=repo, folder_path=folder)
again = api.upload_folder(repo_id=repo, folder_path=folder)
done(repo=repo, oid=first.oid, again=again.oid)
"""
PULL = """
there = snapshot_download({repo!r}, revision={oid!r})
one = hf_hub_download({repo!r}, "large.bin", cache_dir="another")
done(files={{str(path.relative_to(there)): path.read_bytes().hex()
             for path in Path(there).rglob("*") if path.is_file() and path.stat().st_size < 1 << 20}},
     large=[__import__("hashlib").sha256(Path(path).read_bytes()).hexdigest()
            for path in (there + "/large.bin", one)])
"""


def test_what_was_pushed_comes_back_bit_for_bit(served, client, tmp_path, name, mode):
    pushed = client(PUSH.format(name=name), mode=mode)
    assert pushed["again"] == pushed["oid"]
    before = len(served.log())
    pulled = client(PULL.format(**pushed), mode=mode)
    folder = tmp_path / "pushed"
    local = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    large = local.pop("large.bin")
    attributes = bytes.fromhex(pulled["files"].pop(".gitattributes"))
    assert pulled["files"] == {path: file.read_bytes().hex() for path, file in local.items()}
    assert pulled["large"] == [hashlib.sha256(large.read_bytes()).hexdigest()] * 2
    assert b"*.safetensors filter=lfs" in attributes
    # The bytes were served, not found in a cache: twice, and by the way of the mode.
    lines = served.log()[before:]
    sent = sum(line["sent"] for line in lines if line["origin"] == "cdn")
    assert sent > 2 * (7 << 20)
    assert {line["user"] for line in lines if line["origin"] == "cas" and "reconstructions" in line["path"]} <= {
        "alice"
    }
    ways = {line["path"].split("/")[1] for line in lines if line["origin"] == "cdn" and line["sent"]}
    assert ways == ({"lfs"} if mode == "lfs" else {"xorb"})
    assert {line["status"] for line in lines} <= {200, 206, 302, 307, 404}


def test_what_came_by_one_way_goes_out_by_the_other(client, name):
    text = """
api.create_repo({0!r})
api.upload_file(repo_id="alice/{0}", path_in_repo="x.bin", path_or_fileobj=b"{1}" * 99)
done()
"""
    read = 'done(data=Path(hf_hub_download("alice/{0}", "x.bin")).read_text())'
    for pushed, pulled in (("lfs", "xet"), ("xet", "lfs")):
        client(text.format(f"{name}-{pushed}", pushed), mode=pushed)
        assert client(read.format(f"{name}-{pushed}"), mode=pulled) == {"data": pushed * 99}


OTHERS = """
repo = {repo!r}
done(info=refusal(api.repo_info, repo), file=refusal(hf_hub_download, repo, "config.json"),
     snapshot=refusal(snapshot_download, repo),
     put=refusal(api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=b"a"), exists=api.repo_exists(repo))
"""


@pytest.mark.parametrize(
    ("who", "sees", "writes"),
    [
        (None, "RepositoryNotFoundError", None),
        ("bob", "RepositoryNotFoundError", None),
        ("alice read", None, 403),
        ("alice", None, "no"),
    ],
)
def test_a_private_repository_is_its_owners(served, client, name, who, sees, writes):
    repo = served.create(name, visibility="private")
    served.commit(repo, {"config.json": b"{}"})
    found = client(OTHERS.format(repo=repo), who=who)
    assert {found[asked] and found[asked][0] for asked in ("info", "file", "snapshot")} == {sees}
    assert found["exists"] is (sees is None)
    if writes == 403:
        assert found["put"][1] == 403
        assert "read token" in found["put"][2]
    else:
        assert (found["put"] is None) is (writes == "no")


GATED = """
repo = {repo!r}
done(info=refusal(api.repo_info, repo), file=refusal(hf_hub_download, repo, "config.json"),
     check=refusal(api.auth_check, repo))
"""


def test_a_gated_repository_shows_itself_and_keeps_its_files(served, client, name):
    repo = served.create(name)
    served.commit(repo, {"config.json": b"{}"})
    served.ask("PUT", f"/api/models/{repo}/settings", json={"gated": "manual"})
    for who in (None, "bob"):
        found = client(GATED.format(repo=repo), who=who)
        assert (found["info"], found["file"][0], found["check"][0]) == (None, "GatedRepoError", "GatedRepoError")
    served.ask("POST", f"/api/models/{repo}/user-access-request/grant", json={"user": "bob"})
    assert client(GATED.format(repo=repo), who="bob") == {"info": None, "file": None, "check": None}


def test_a_token_of_nobody_is_refused_even_where_none_is_needed(served, client, name):
    repo = served.create(name)
    found = client(f"done(info=refusal(api.repo_info, {repo!r}), me=refusal(api.whoami))", HF_TOKEN="hf_nobody")
    assert (found["info"][1], found["me"][1]) == (401, 401)
    assert "Invalid credentials" in found["info"][2]


COMMITS = """
repo = api.create_repo({name!r}).repo_id
first = api.repo_info(repo).sha
add = lambda path, data: CommitOperationAdd(path, data)
both = lambda: [add("a.txt", b"a"), add("big.bin", b"\\0" * 2000)]
one = api.create_commit(repo, [*both(), add("d/e.txt", b"e")], commit_message="one")
stale = refusal(api.create_commit, repo, [add("b.txt", b"b")], commit_message="stale", parent_commit=first)
same = api.create_commit(repo, both(), commit_message="nothing new")
more = [CommitOperationDelete("d/"), CommitOperationCopy("big.bin", "copy.bin"), CommitOperationCopy("a.txt", "c.txt")]
two = api.create_commit(repo, more, commit_message="two\\n\\ntext", parent_commit=one.oid)
nothing = refusal(api.create_commit, repo, [CommitOperationDelete("no.txt")], commit_message="no")
branch = refusal(api.upload_file, repo_id=repo, path_in_repo="a", path_or_fileobj=b"a", revision="no-branch")
done(one=one.oid, stale=stale, same=same.oid, nothing=nothing, branch=branch, files=sorted(api.list_repo_files(repo)),
     titles=[[commit.title, commit.message] for commit in api.list_repo_commits(repo)],
     before=sorted(api.list_repo_files(repo, revision=one.oid[:8])))
"""


def test_commits_follow_one_another(client, name, mode):
    found = client(COMMITS.format(name=name), mode=mode)
    assert found["stale"][1] == 412
    assert found["same"] == found["one"]
    assert found["nothing"][0] == "RemoteEntryNotFoundError"
    assert found["branch"][0] == "RevisionNotFoundError"
    assert found["files"] == [".gitattributes", "a.txt", "big.bin", "c.txt", "copy.bin"]
    assert found["before"] == [".gitattributes", "a.txt", "big.bin", "d/e.txt"]
    assert found["titles"] == [["two", "text"], ["one", ""], ["initial commit", ""]]


REFS = """
repo = api.create_repo({name!r}).repo_id
put = lambda text, **words: api.upload_file(repo_id=repo, path_in_repo="a.txt", path_or_fileobj=text.encode(), **words)
get = lambda revision: Path(hf_hub_download(repo, "a.txt", revision=revision)).read_text()
put("main"); api.create_branch(repo, branch="feat/x"); api.create_tag(repo, tag="v1", tag_message="the first")
put("branch", revision="feat/x")
mine = api.create_pull_request(repo, title="mine"); put("pull", revision=mine.git_reference)
other = put("proposed", create_pr=True)
again = [refusal(api.create_branch, repo, branch="feat/x"), refusal(api.create_tag, repo, tag="v1")]
words = dict(main="main", branch="feat/x", tag="v1", pull="refs/pr/1", proposed="refs/pr/2")
texts = {{word: get(revision) for word, revision in words.items()}}
put("main 2"); conflict = refusal(api.merge_pull_request, repo, 2)
refs = api.list_repo_refs(repo, include_pull_requests=True)
api.delete_branch(repo, branch="feat/x"); api.delete_tag(repo, tag="v1")
gone = [refusal(get, "feat/x"), refusal(get, "v1"), refusal(api.delete_branch, repo, branch="main")]
done(texts=texts, again=again, conflict=conflict, gone=gone, url=other.pr_url,
     names=[[one.ref for one in some] for some in (refs.branches, refs.tags, refs.pull_requests)])
"""


def test_branches_tags_and_pull_requests(served, client, name):
    found = client(REFS.format(name=name))
    assert found["texts"] == {
        "main": "main",
        "branch": "branch",
        "tag": "main",
        "pull": "pull",
        "proposed": "proposed",
    }
    assert [one[1] for one in found["again"]] == [409, 409]
    assert found["conflict"][1] == 409
    assert [one[0] for one in found["gone"][:2]] == ["RevisionNotFoundError"] * 2
    assert found["gone"][2][1] == 403
    assert found["url"].endswith(f"/alice/{name}/discussions/2")
    assert found["names"] == [
        ["refs/heads/feat/x", "refs/heads/main"],
        ["refs/tags/v1"],
        ["refs/pr/1", "refs/pr/2"],
    ]


def test_another_may_propose_and_not_push(served, client, name, mode):
    repo = served.create(name)
    text = f"""
add = lambda: [CommitOperationAdd("a.txt", b"a"), CommitOperationAdd("b.bin", b"b")]
pull = api.create_commit({repo!r}, add(), commit_message="a proposal", create_pr=True)
done(pull=pull.pr_num, push=refusal(api.create_commit, {repo!r}, add(), commit_message="a push"),
     main=api.list_repo_files({repo!r}))
"""
    found = client(text, who="bob", mode=mode)
    assert (found["pull"], found["push"][1], found["main"]) == (1, 403, [".gitattributes"])
    merged = client(f"api.merge_pull_request({repo!r}, 1); done(files=sorted(api.list_repo_files({repo!r})))")
    assert merged == {"files": [".gitattributes", "a.txt", "b.bin"]}


def test_a_repository_moves_and_its_old_name_leads_to_it(client, name):
    text = f"""
old, new = "alice/{name}", "acme/{name}-new"
api.create_repo(old); api.upload_file(repo_id=old, path_in_repo="a.txt", path_or_fileobj=b"a")
api.move_repo(old, new)
put = refusal(api.upload_file, repo_id=old, path_in_repo="b", path_or_fileobj=b"b")
done(id=api.repo_info(old).id, file=Path(hf_hub_download(old, "a.txt")).read_text(), put=put,
     files=sorted(api.list_repo_files(new)), gone=(api.delete_repo(new), api.repo_exists(old))[1])
"""
    found = client(text)
    assert found == {
        "id": f"acme/{name}-new",
        "file": "a",
        "put": None,
        "files": [".gitattributes", "a.txt", "b"],
        "gone": False,
    }


def test_a_large_file_is_copied_between_repositories(served, client, name):
    text = f"""
one, other = (api.create_repo("alice/{name}-" + word).repo_id for word in ("one", "other"))
api.upload_file(repo_id=one, path_in_repo="x.bin", path_or_fileobj=b"x" * 5000)
copy = CommitOperationCopy("x.bin", "y.bin", src_repo_id=one, src_repo_type="model")
api.create_commit(other, [copy], commit_message="copy")
done(data=Path(hf_hub_download(other, "y.bin")).read_text())
"""
    assert client(text, mode="xet") == {"data": "x" * 5000}
    words = {"target": {"type": "model", "name": f"alice/{name}-other"}, "files": []}
    path = f"/api/models/alice/{name}-one/lfs-files/duplicate"
    assert [served.ask("POST", path, who, json=words).status_code for who in (None, "bob", "alice")] == [401, 403, 200]


@pytest.mark.parametrize("kind", ["dataset", "space"])
def test_other_kinds_of_repository(client, name, kind):
    text = f"""
words = dict(repo_id="alice/{name}", repo_type={kind!r})
url = api.create_repo(**words, space_sdk="static")
api.upload_file(path_in_repo="x.bin", path_or_fileobj=b"x", **words)
done(url=url, data=Path(hf_hub_download(filename="x.bin", **words)).read_text(), model=api.repo_exists("alice/{name}"))
"""
    found = client(text, mode="xet")
    assert found["url"].endswith(f"/{kind}s/alice/{name}")
    assert (found["data"], found["model"]) == ("x", False)


def test_a_bad_card_is_refused_before_anything_is_sent(served, client, name):
    repo = served.create(name)
    text = f"""
put = lambda card: refusal(api.upload_file, repo_id={repo!r}, path_in_repo="README.md", path_or_fileobj=card.encode())
card = "---\\n{{}}\\n---\\n".format
done(bad=put(card("model-index: x")), worse=put(card("a: [")), good=put(card("license: mit")))
"""
    found = client(text)
    assert [found[card] and found[card][0] for card in ("bad", "worse", "good")] == ["ValueError", "ValueError", None]
    assert served.ask("GET", f"/api/models/{repo}").json()["tags"] == ["license:mit"]
