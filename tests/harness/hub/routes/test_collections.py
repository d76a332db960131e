"""Collections: made and filled by the real client, and what others may see of them."""

import pytest

MAKE = """
model, data = {model!r}, {data!r}
inner = api.create_collection("Inner").slug
one = api.create_collection({title!r}, description="what for")
api.add_collection_item(one.slug, model, "model", note="first")
api.add_collection_item(one.slug, data, "dataset")
full = api.add_collection_item(one.slug, inner, "collection")
again = refusal(api.add_collection_item, one.slug, model, "model")
strange = refusal(api.add_collection_item, one.slug, model, "dataset")
api.add_collection_item(one.slug, model, "model", exists_ok=True)
api.update_collection_item(one.slug, full.items[0].item_object_id, note="moved", position=2)
renamed = api.update_collection_metadata(one.slug, title="New title", theme="pink", position=3)
api.delete_collection_item(renamed.slug, full.items[1].item_object_id)
gone = refusal(api.delete_collection_item, renamed.slug, full.items[1].item_object_id)
last = api.get_collection(one.slug)
done(old=one.slug, new=last.slug, inner=inner, again=again[1], strange=strange[1], gone=gone[1], theme=last.theme,
     position=last.position, description=last.description, private=last.private,
     items=[[item.item_type, item.item_id, item.note, item.position] for item in last.items],
     holding=[other.slug for other in api.list_collections(item="models/" + model)],
     limited=len(list(api.list_collections(owner="alice", limit=1))))
"""


def test_a_collection_from_its_making_to_its_end(served, client, name):
    model, data = served.create(name), served.create(f"{name}-data", kind="dataset")
    told = client(MAKE.format(model=model, data=data, title=f"Stuff {name}"))
    assert (told["again"], told["strange"], told["gone"]) == (409, 404, 404)
    assert told["old"].startswith(f"alice/stuff-{name.lower()}-")
    assert told["new"] == f"alice/new-title-{told['old'].rpartition('-')[2]}"
    assert told["items"] == [["collection", told["inner"], None, 0], ["model", model, "moved", 1]]
    assert (told["theme"], told["position"], told["description"], told["private"]) == ("pink", 3, "what for", False)
    assert (told["holding"], told["limited"]) == ([told["new"]], 1)
    ended = client(
        f"api.delete_collection({told['old']!r}); api.delete_collection({told['old']!r}, missing_ok=True)\n"
        f"done(gone=refusal(api.delete_collection, {told['old']!r})[1])"
    )
    assert ended == {"gone": 404}


def make(served, who="alice", **words):
    answer = served.ask("POST", "/api/collections", who, json={"title": "A title", **words})
    assert answer.status_code == 200, answer.text
    return answer.json()["slug"]


def ask(served, method, slug, who="alice", path="", **words):
    return served.ask(method, f"/api/collections/{slug}{path}", who, **words)


def test_a_private_one_is_not_there_for_others(served):
    slug = make(served, private=True)
    for who, status in (("alice", 200), ("bob", 404), (None, 404)):
        assert ask(served, "GET", slug, who).status_code == status
        listed = served.ask("GET", "/api/collections?owner=alice&limit=100", who).json()
        assert (slug in [one["slug"] for one in listed]) == (status == 200)
    assert ask(served, "PATCH", slug, json={"private": False}).status_code == 200
    assert ask(served, "GET", slug, "bob").status_code == 200


def test_only_its_owner_changes_it(served, name):
    slug, repo = make(served), served.create(name)
    item = {"item": {"type": "model", "id": repo}}
    for who, status in (("bob", 403), ("alice read", 403), (None, 401)):
        assert ask(served, "PATCH", slug, who, json={"title": "mine"}).status_code == status
        assert ask(served, "DELETE", slug, who).status_code == status
        assert ask(served, "POST", slug, who, "/items", json=item).status_code == status
    assert served.ask("POST", "/api/collections", "bob", json={"title": "x", "namespace": "alice"}).status_code == 403
    assert make(served, "bob", namespace="acme").startswith("acme/")


def test_what_is_gone_or_private_is_not_shown(served, name):
    slug = make(served)
    repos = [served.create(f"{name}-{number}") for number in range(3)]
    for repo in repos:
        ask(served, "POST", slug, path="/items", json={"item": {"type": "model", "id": repo}})
    served.ask("DELETE", "/api/repos/delete", json={"name": repos[0].partition("/")[2], "type": "model"})
    served.ask("PUT", f"/api/models/{repos[1]}/settings", json={"private": True})
    served.ask("POST", "/api/repos/move", json={"fromRepo": repos[2], "toRepo": f"{repos[2]}-new", "type": "model"})

    def shown(who):
        return [(item["id"], item["position"]) for item in ask(served, "GET", slug, who).json()["items"]]

    assert shown("bob") == [(f"{repos[2]}-new", 0)]
    assert shown("alice") == [(repos[1], 0), (f"{repos[2]}-new", 1)]
    assert (
        ask(served, "POST", slug, "alice", "/items", json={"item": {"type": "model", "id": repos[0]}}).status_code
        == 404
    )


def test_a_list_shows_four_items_of_each_and_comes_in_pages(served, name):
    slug = make(served, "bob")
    for number in range(5):
        repo = served.create(f"{name}-{number}", "bob")
        ask(served, "POST", slug, "bob", "/items", json={"item": {"type": "model", "id": repo}})
    make(served, "bob")
    first = served.ask("GET", "/api/collections?owner=bob&limit=1")
    second = served.ask("GET", first.links["next"]["url"])
    (whole,) = (one for one in second.json() if one["slug"] == slug)
    assert (len(whole["items"]), len(ask(served, "GET", slug).json()["items"])) == (4, 5)


@pytest.mark.parametrize(
    ("method", "path", "words", "status"),
    [
        ("PATCH", "", {"position": -1}, 400),
        ("PATCH", "", {"position": True}, 400),
        ("PATCH", "", {"title": 3}, 400),
        ("POST", "/items", {"item": {"type": "paper", "id": "2307.09288"}}, 501),
        ("POST", "/items", {"item": {"type": "collection", "id": "alice/none"}}, 404),
        ("POST", "/items", {}, 501),
        ("PATCH", "/items/none", {"note": "x"}, 404),
    ],
)
def test_wrong_words(served, method, path, words, status):
    slug = make(served)
    assert ask(served, method, slug, path=path, json=words).status_code == status
    assert ask(served, "GET", slug).json()["items"] == []


def test_wrong_words_of_a_list(served):
    assert served.ask("POST", "/api/collections", json={"title": " "}).status_code == 400
    assert served.ask("GET", "/api/collections?sort=beauty").status_code == 400
    slug = make(served)
    assert ask(served, "GET", slug.replace("alice/", "bob/")).status_code == 404
