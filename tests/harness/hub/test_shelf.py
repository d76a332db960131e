"""Repositories on disk: what a second server finds of what a first one left."""

import pytest

from samedevice.harness.hub.history import Author
from samedevice.harness.hub.refusals import Refusal
from samedevice.harness.hub.repository import Repository, Settings
from samedevice.harness.hub.shelf import Shelf


def made(shelf, identifier, kind="models"):
    settings = Settings(kind=kind, identifier=identifier, is_private=False, created=0.0)
    repository = Repository.create(shelf.folder(kind, identifier), settings, Author(name="alice"))
    shelf.add(repository)
    return repository


def test_what_was_left_is_found_again(tmp_path):
    first = Shelf(tmp_path)
    made(first, "alice/Kept")
    made(first, "alice/kept", kind="datasets")
    moved = first.rename(made(first, "alice/old"), "alice/new")
    first.rename(moved, "acme/newest")
    first.remove(made(first, "alice/gone"))
    second = Shelf(tmp_path)
    assert sorted(one.identifier for one in second) == ["acme/newest", "alice/Kept", "alice/kept"]
    assert second.find("models", "ALICE/kept").identifier == "alice/Kept"
    assert second.find("models", "alice/old") is None
    assert [second.moved("models", old).identifier for old in ("alice/old", "alice/new")] == ["acme/newest"] * 2
    assert second.moved("models", "alice/gone") is None
    assert second.find("models", "acme/newest").history.refs("refs/heads/").keys() == {"main"}


def test_a_name_that_is_taken_stays_whose_it_is(tmp_path):
    shelf = Shelf(tmp_path)
    one, other = made(shelf, "alice/one"), made(shelf, "alice/other")
    with pytest.raises(Refusal, match="A model repository called alice/OTHER already exists"):
        shelf.rename(one, "alice/OTHER")
    assert (shelf.find("models", "alice/one"), shelf.find("models", "alice/other")) == (one, other)


def test_a_name_can_be_taken_again_after_a_move(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.rename(made(shelf, "alice/a"), "alice/b")
    again = made(shelf, "alice/a")
    assert shelf.find("models", "alice/a") is again
    assert Shelf(tmp_path).moved("models", "alice/a") is None


def test_two_names_may_not_lead_to_each_other(tmp_path):
    shelf = Shelf(tmp_path)
    there = shelf.rename(made(shelf, "alice/a"), "alice/b")
    back = shelf.rename(there, "alice/a")
    assert shelf.find("models", "alice/a") is back
    assert shelf.moved("models", "alice/b") is back
    shelf.remove(back)
    assert shelf.moved("models", "alice/b") is None
