"""Pull requests: what they change, and when they cannot."""

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def repo(served, name):
    made = served.create(name)
    served.commit(made, {"a": b"1", "b": b"1"})
    return made


def propose(served, repo, files, who="bob"):
    answer = served.commit(repo, files, who=who, revision="main?create_pr=1", summary="a proposal", description="why")
    assert answer.status_code == 200, answer.text
    return answer.json()["pullRequestUrl"].rpartition("/")[2]


def merge(served, repo, number, who="alice"):
    return served.ask("POST", f"/api/models/{repo}/discussions/{number}/merge", who).status_code


def details(served, repo, number):
    return served.ask("GET", f"/api/models/{repo}/discussions/{number}?diff=1").json()


def content(served, repo, path):
    answer = served.ask("GET", f"/{repo}/resolve/main/{path}")
    return served.ask("GET", answer.headers["location"]).content if answer.status_code == 307 else None


def test_a_proposal_is_merged_over_what_came_in_between(served, repo):
    number = propose(served, repo, {"a": b"2", "b": None, "c": b"new"})
    served.commit(repo, {"d": b"meanwhile"})
    found = details(served, repo, number)
    assert (found["status"], found["filesWithConflicts"], found["changes"]["base"]) == ("open", [], "refs/heads/main")
    assert "+2" in found["diff"]
    assert [event["type"] for event in found["events"]] == ["comment", "commit"]
    assert merge(served, repo, number, who="bob") == 403
    assert merge(served, repo, number) == 200
    assert [content(served, repo, path) for path in "abcd"] == [b"2", None, b"new", b"meanwhile"]
    found = details(served, repo, number)
    assert found["status"] == "merged"
    assert found["changes"]["mergeCommitId"] == served.ask("GET", f"/api/models/{repo}").json()["sha"]
    assert merge(served, repo, number) == 400


def test_who_adds_to_a_proposal(served, repo):
    mine, theirs = propose(served, repo, {"a": b"2"}, who="alice"), propose(served, repo, {"a": b"2"})
    assert served.commit(repo, {"x": b"x"}, who="bob", revision=f"refs%2Fpr%2F{mine}").status_code == 403
    assert served.commit(repo, {"x": b"x"}, who="bob", revision=f"refs%2Fpr%2F{theirs}").status_code == 200
    assert served.commit(repo, {"y": b"y"}, who="alice", revision=f"refs%2Fpr%2F{theirs}").status_code == 200
    assert merge(served, repo, theirs) == 200
    assert served.commit(repo, {"z": b"z"}, who="bob", revision=f"refs%2Fpr%2F{theirs}").status_code == 400
    assert [content(served, repo, path) for path in "xyz"] == [b"x", b"y", None]


def test_a_proposal_that_clashes_is_not_merged(served, repo):
    number = propose(served, repo, {"a": b"2", "b": b"same"})
    served.commit(repo, {"a": b"3", "b": b"same"})
    assert details(served, repo, number)["filesWithConflicts"] == ["a"]
    assert merge(served, repo, number) == 409
    assert content(served, repo, "a") == b"3"


def test_a_discussion(served, repo):
    create = f"/api/models/{repo}/discussions"
    assert served.ask("POST", create, json={"title": "  x ", "description": ""}).status_code == 400
    number = served.ask("POST", create, "bob", json={"title": "a question", "description": "why?"}).json()["num"]
    one = f"{create}/{number}"
    said = served.ask("POST", f"{one}/comment", json={"comment": "because"}).json()["newMessage"]
    edit = f"{one}/comment/{said['id']}/edit"
    assert served.ask("POST", edit, "bob", json={"content": "no"}).status_code == 403
    assert served.ask("POST", edit, json={"content": "therefore"}).json()["updatedComment"]["data"]["edited"]
    served.ask("POST", f"{one}/title", json={"title": "an answer"})
    served.ask("POST", f"{one}/status", json={"status": "closed", "comment": "done"})
    assert served.ask("POST", f"{one}/status", json={"status": "merged"}).status_code == 400
    found = details(served, repo, number)
    assert (found["title"], found["status"], found["author"]["name"]) == ("an answer", "closed", "bob")
    assert [event["type"] for event in found["events"]] == [
        "comment",
        "comment",
        "title-change",
        "status-change",
        "comment",
    ]
    assert found["events"][1]["data"]["latest"]["raw"] == "therefore"
    propose(served, repo, {"a": b"2"})
    for query, numbers in [("", [2, 1]), ("type=pull_request", [2]), ("status=closed", [1]), ("author=alice", [])]:
        answer = served.ask("GET", f"{create}?{query}").json()
        assert [one["num"] for one in answer["discussions"]] == numbers
    assert served.ask("GET", f"{create}/9").status_code == 404


def test_what_many_say_at_once_is_all_kept(served, repo):
    create = f"/api/models/{repo}/discussions"
    served.ask("POST", create, json={"title": "a question", "description": ""})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: served.ask("POST", f"{create}/1/comment", json={"comment": f"{n}"}), range(40)))
    said = {event["data"]["latest"]["raw"] for event in details(served, repo, 1)["events"]}
    assert said == {"", *map(str, range(40))}


def test_who_sees_a_private_repository_alone_proposes(served, name):
    repo = served.create(f"{name}-private", visibility="private")
    assert served.commit(repo, {"a": b"1"}, who="bob", revision="main?create_pr=1").status_code == 404
    assert served.commit(repo, {"a": b"1"}, who="alice read", revision="main?create_pr=1").status_code == 403
