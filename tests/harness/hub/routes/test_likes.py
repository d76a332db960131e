"""Likes: given as on the page, seen and taken back by the real client."""

ASK = """
likes = api.list_liked_repos({user!r})
done(models=likes.models, datasets=likes.datasets, total=likes.total, number=api.model_info({repo!r}).likes,
     likers=[[one.username, one.fullname] for one in api.list_repo_likers({repo!r})])
"""


def like(served, repo, who="alice", kind="models", method="POST"):
    return served.ask(method, f"/api/{kind}/{repo}/like", who).status_code


def test_a_like_is_seen_and_taken_back(served, client, name):
    repo, data = served.create(name, who="bob"), served.create(name, who="bob", kind="dataset")
    assert (like(served, repo), like(served, repo), like(served, data, kind="datasets")) == (200, 200, 200)
    assert like(served, repo, "bob") == 200
    told = client(ASK.format(user="alice", repo=repo))
    assert repo in told["models"]
    assert data in told["datasets"]
    assert (told["total"] >= 2, told["number"]) == (True, 2)
    assert told["likers"] == [["bob", "Bob Example"], ["alice", "Alice Example"]]
    after = client(f"api.unlike({repo!r}); api.unlike({repo!r})" + ASK.format(user="alice", repo=repo))
    assert (repo in after["models"], after["likers"], after["number"]) == (False, [["bob", "Bob Example"]], 1)


def test_a_private_repository_is_nobodys_to_like_and_not_in_a_list(served, name):
    repo = served.create(name, private=True)
    assert like(served, repo, "bob") == 404
    assert like(served, repo) == 200
    names = [one["repo"]["name"] for one in served.ask("GET", "/api/users/alice/likes", None).json()]
    assert repo not in names


def test_who_may(served, name):
    repo = served.create(name)
    for method in ("POST", "DELETE"):
        assert like(served, repo, None, method=method) == 401
        assert like(served, repo, "bob read", method=method) == 403
        assert like(served, f"{repo}-not", method=method) == 404
    assert served.ask("GET", "/api/users/nobody/likes").status_code == 404
    assert served.ask("GET", f"/api/models/{repo}/likers", None).json() == []


def test_lists_come_in_pages(served, name):
    for number in range(3):
        like(served, served.create(f"{name}-{number}"))
    first = served.ask("GET", "/api/users/alice/likes?limit=2")
    assert [one["repo"]["name"].rpartition("-")[2] for one in first.json()] == ["2", "1"]
    assert "next" in first.links
