"""Collections on disk, and their addresses."""

import pytest

from samedevice.harness.hub.collection import Collection, Collections, Item, new_key
from samedevice.harness.hub.refusals import Refusal

KEY = "0123456789abcdef01234567"


def made(**words):
    return Collection(**{"key": KEY, "owner": "alice", "title": "My Stuff", **words})


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("My cool stuff 1a-2b", "my-cool-stuff-1a-2b"),
        ("  Für  alle!! ", "fur-alle"),
        ("a/b?c#d", "a-b-c-d"),
        ("日本", ""),
    ],
)
def test_the_address_of_a_title(title, slug):
    assert made(title=title).slug == f"alice/{slug}-{KEY}"


def test_what_was_kept_is_found_by_a_second_server(tmp_path):
    first = Collections(tmp_path / "collections.json")
    one = made(items=[Item(key=new_key(), kind="model", name="alice/a", note="good")], theme="pink")
    first.add(one)
    first.add(made(key=new_key(), title="gone"))
    (gone,) = (other for other in first if other.title == "gone")
    first.remove(gone)
    second = Collections(tmp_path / "collections.json")
    assert list(second) == [one]
    assert second.find(gone.slug) is None


def test_any_title_that_it_had_leads_to_it(tmp_path):
    kept = Collections(tmp_path / "collections.json")
    one = made()
    kept.add(one)
    before = one.slug
    one.title = "Another"
    kept.keep(one)
    assert kept.find(before) is kept.find(one.slug) is kept.find(KEY) is one
    assert (kept.find("alice/none"), kept.find("")) == (None, None)


def test_an_item_that_is_not_there():
    with pytest.raises(Refusal, match="Item not found"):
        made().item(KEY)
