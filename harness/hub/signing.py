"""Addresses that carry their own permission: whoever holds one needs no token, until it expires."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from .refusals import Refusal

_SECONDS = 3600


class Signer:
    """Signs paths of the CDN; the secret lives as long as the server."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def signed(self, path: str, **query: str | int) -> str:
        """The path with its query, expiry and signature."""
        words = {**{name: str(value) for name, value in query.items()}, "expires": str(int(time.time()) + _SECONDS)}
        return f"{path}?{urlencode({**words, 'signature': self._signature(path, words)})}"

    def check(self, path: str, query: Mapping[str, str]) -> None:
        """Refuse what was not signed here, was changed since, or has expired."""
        words = {name: value for name, value in query.items() if name != "signature"}
        expected = self._signature(path, words)
        if not hmac.compare_digest(expected, query.get("signature", "")) or int(words["expires"]) < time.time():
            raise Refusal(403, "the address is not signed, was changed, or has expired")

    def _signature(self, path: str, words: Mapping[str, str]) -> str:
        text = f"{path}?{urlencode(sorted(words.items()))}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
