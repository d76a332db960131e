import json

import pytest

from samedevice.harness.hub.accounts import Accounts
from samedevice.harness.hub.refusals import Refusal


def test_a_store_can_begin_with_other_people(tmp_path):
    file = tmp_path / "accounts.json"
    people = {"users": {"eve": "Eve"}, "organizations": {}, "tokens": {"eve": {"write": "hf_w", "read": "hf_r"}}}
    file.write_text(json.dumps(people))
    accounts = Accounts(file)
    eve = accounts.caller("Bearer hf_r")
    assert (eve.name, eve.may_write, accounts.namespaces(eve)) == ("eve", False, ("eve",))
    assert accounts.caller("bearer hf_w").may_write
    assert accounts.describe(eve)["auth"]["accessToken"] == {"displayName": "read", "role": "read"}
    assert accounts.caller(None) is None
    assert json.loads(file.read_text()) == people


def test_tokens_are_new_for_every_store_and_kept_in_it(tmp_path):
    one, other = (Accounts(tmp_path / name / "accounts.json") for name in ("one", "other"))
    every = [token for accounts in (one, other) for roles in accounts.tokens.values() for token in roles.values()]
    assert len(set(every)) == 8
    assert Accounts(tmp_path / "one" / "accounts.json").tokens == one.tokens
    with pytest.raises(Refusal, match="Invalid credentials"):
        one.caller(f"Bearer {other.tokens['alice']['write']}")
