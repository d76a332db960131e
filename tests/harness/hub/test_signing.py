from urllib.parse import parse_qsl, urlsplit

import pytest

from samedevice.harness.hub import signing
from samedevice.harness.hub.refusals import Refusal


def parts(address):
    split = urlsplit(address)
    return split.path, dict(parse_qsl(split.query))


def test_what_was_signed_holds():
    signer = signing.Signer()
    signer.check(*parts(signer.signed("/lfs/a", name="a b&c.bin", size=3)))


def test_what_was_changed_does_not():
    signer = signing.Signer()
    path, query = parts(signer.signed("/lfs/a", size=3))
    for other_path, other in [
        ("/lfs/b", query),
        (path, {**query, "size": "4"}),
        (path, {**query, "expires": "9999999999"}),
        (path, {**query, "signature": ""}),
        (path, {name: value for name, value in query.items() if name != "size"}),
        (path, {}),
    ]:
        with pytest.raises(Refusal, match="is not signed, was changed, or has expired"):
            signer.check(other_path, other)
    with pytest.raises(Refusal):
        signing.Signer().check(path, query)


def test_it_expires(monkeypatch):
    signer = signing.Signer()
    address = parts(signer.signed("/lfs/a"))
    later = signing.time.time() + 3601
    monkeypatch.setattr(signing.time, "time", lambda: later)
    with pytest.raises(Refusal, match="expired"):
        signer.check(*address)
