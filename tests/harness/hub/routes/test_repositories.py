"""Who may make, see, change, move and remove what."""

import pytest


def test_a_second_of_the_same_name_is_told_of_the_first(served, name):
    served.create(name)
    answer = served.ask("POST", "/api/repos/create", json={"name": name.upper()})
    assert answer.status_code == 409
    assert answer.json()["url"] == f"{served.line['endpoint']}/alice/{name}"
    assert served.create(name, kind="dataset") == f"alice/{name}"


def test_the_case_of_letters_does_not_matter(served, name):
    repo = served.create(name)
    assert served.ask("GET", f"/api/models/{repo.upper()}").json()["id"] == repo
    assert served.commit(repo.upper(), {"a": b"a"}).status_code == 200


@pytest.mark.parametrize("word", ["", "a/b", "..", "a--b", "-a", "a.", "a b", "a" * 97, "../../x", "a..b", "ü"])
def test_a_bad_name_is_refused(served, word):
    assert served.ask("POST", "/api/repos/create", json={"name": word}).status_code == 400


def test_only_where_one_belongs(served, name):
    create = {"name": name, "type": "model"}
    asked = [
        ("bob", "alice", 403),
        ("alice read", None, 403),
        (None, None, 401),
        ("bob", "acme", 200),
        ("bob", "none", 403),
    ]
    for who, organization, status in asked:
        answer = served.ask("POST", "/api/repos/create", who, json={**create, "organization": organization})
        assert answer.status_code == status, answer.text
    assert served.commit(f"acme/{name}", {"a": b"a"}, who="alice").status_code == 200


def test_a_foreign_repository_stays(served, name):
    repo = served.create(name)
    hidden = served.create(f"{name}-hidden", visibility="private")
    for one, status in ((repo, 403), (hidden, 404)):
        words = {"name": one.partition("/")[2], "organization": "alice"}
        assert served.ask("DELETE", "/api/repos/delete", "bob", json=words).status_code == status
        move = {"fromRepo": one, "toRepo": f"bob/{name}", "type": "model"}
        assert served.ask("POST", "/api/repos/move", "bob", json=move).status_code == status
        assert served.ask("PUT", f"/api/models/{one}/settings", "bob", json={"gated": "auto"}).status_code == status
        assert served.commit(one, {"a": b"a"}, who="bob").status_code == status
    assert served.ask("GET", f"/api/models/{repo}").json()["gated"] is False


def test_a_removed_repository_is_gone_with_its_files(served, name):
    repo = served.create(name)
    assert served.ask("DELETE", "/api/repos/delete", json={"name": name}).status_code == 200
    assert served.ask("DELETE", "/api/repos/delete", json={"name": name}).status_code == 404
    assert served.ask("GET", f"/api/models/{repo}").headers["x-error-code"] == "RepoNotFound"
    assert served.create(name) == repo


def test_an_old_name_leads_on_and_can_be_taken_again(served, name):
    served.create(name)
    served.commit(f"alice/{name}", {"a": b"a"})
    new = f"alice/{name}-new"
    words = {"fromRepo": f"alice/{name}", "toRepo": new, "type": "model"}
    assert served.ask("POST", "/api/repos/move", json=words).status_code == 200
    answer = served.ask("GET", f"/api/models/alice/{name}/tree/main?recursive=true")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/api/models/{new}/tree/main?recursive=true")
    assert served.ask("HEAD", f"/alice/{name}/resolve/main/a").headers["location"] == f"/{new}/resolve/main/a"
    served.create(name)
    assert served.ask("GET", f"/api/models/alice/{name}").json()["id"] == f"alice/{name}"
    assert served.ask("POST", "/api/repos/move", json=words).status_code == 409


def test_the_list_shows_what_one_may_see_in_pages(served, name):
    for number in range(5):
        served.create(f"{name}-{number}", visibility="private" if number == 4 else "public")

    def pages(who):
        path, found = f"/api/models?search={name}-&limit=2", []
        while path:
            answer = served.ask("GET", path, who)
            found.append([one["id"][-1] for one in answer.json()])
            path = answer.links.get("next", {}).get("url")
        return found

    assert pages("bob") == [["3", "2"], ["1", "0"]]
    assert pages("alice") == [["4", "3"], ["2", "1"], ["0"]]


def test_an_unknown_token_and_a_strange_scheme_are_refused(served):
    for header in ("Bearer hf_none", "Basic abc", "Bearer", ""):
        answer = served.ask("GET", "/api/models", None, headers={"authorization": header})
        assert (answer.status_code, answer.json()["error"]) == (401, "Invalid credentials in Authorization header")
    assert served.ask("GET", "/api/whoami-v2", None).status_code == 401
