"""Everything that the server knows, in one place that requests are handed."""

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from .accounts import Accounts
from .collection import Collections
from .contents import Contents
from .faults import Faults
from .log import Log
from .shelf import Shelf
from .signing import Signer
from .xet import Xet

_TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The three origins: `http://host:port`."""

    hub: str
    cdn: str
    cas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What a xet token allows, to whom, and until when (seconds since 1970)."""

    user: str | None
    may_write: bool
    expires: int


@dataclass(slots=True, kw_only=True)
class Permits:
    """The xet tokens that were given out."""

    _given: dict[str, Permit] = field(default_factory=dict)

    def give(self, user: str | None, *, may_write: bool) -> tuple[str, Permit]:
        """A new token."""
        token, expires = secrets.token_urlsafe(24), int(time.time()) + _TOKEN_SECONDS
        self._given[token] = Permit(user=user, may_write=may_write, expires=expires)
        return token, self._given[token]

    def of(self, authorization: str | None) -> Permit | None:
        """The permit of a request, or None."""
        permit = self._given.get((authorization or "").removeprefix("Bearer "))
        return permit if permit and permit.expires > time.time() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The store, and what is only in memory."""

    addresses: Addresses
    accounts: Accounts
    shelf: Shelf
    collections: Collections
    contents: Contents
    xet: Xet
    log: Log
    faults: Faults
    has_xet: bool
    signer: Signer = field(default_factory=Signer)
    permits: Permits = field(default_factory=Permits)

    @classmethod
    def open(cls, store: Path, log: Path, addresses: Addresses, *, has_xet: bool) -> "Hub":
        """Open a store, or begin one in an empty folder."""
        contents = Contents(store / "contents")
        return cls(
            addresses=addresses,
            accounts=Accounts(store / "accounts.json"),
            shelf=Shelf(store / "repositories"),
            collections=Collections(store / "collections.json"),
            contents=contents,
            xet=Xet(store / "xet", contents),
            log=Log(log),
            faults=Faults(),
            has_xet=has_xet,
        )

    def on_cdn(self, path: str, **query: str | int) -> str:
        """The signed address of something on the CDN."""
        return self.addresses.cdn + self.signer.signed(path, **query)
