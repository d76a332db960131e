"""One request, as the code of a route sees it: who asks, for which repository, with which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from .accounts import Caller
from .history import Author
from .hub import Hub
from .refusals import Moved, forbidden, gated, no_caller, no_repository
from .repository import KINDS, Repository
from .words import an_object


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose body is here; `names` are the decoded parts of its path."""

    hub: Hub
    request: Request
    names: Mapping[str, str]
    body: bytes
    caller: Caller | None

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty one."""
        return an_object(self.body or b"{}", "the body")

    def form(self) -> list[tuple[str, str]]:
        """The body as pairs of a form."""
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def asks(self, name: str) -> bool:
        """A true word in the query: httpx writes `true`, requests `True`."""
        return self.request.query_params.get(name, "").lower() in ("true", "1")

    @property
    def user(self) -> Caller:
        """Whoever asks; nobody is refused."""
        if self.caller is None:
            raise no_caller()
        return self.caller

    @property
    def writer(self) -> Caller:
        """Whoever asks, with a token that may write."""
        if not self.user.may_write:
            raise forbidden("You have read access but not the required permissions for this operation: a read token")
        return self.user

    @property
    def author(self) -> Author:
        """Whose commit it will be."""
        return Author(name=self.writer.name)

    def repository(self) -> Repository:
        """The repository of the path, where the caller may know of it."""
        return self.find(*self._named())

    def find(self, kind: str, identifier: str) -> Repository:
        """A repository that the caller may know of; a former name is sent on to the present one."""
        found = self.hub.shelf.find(kind, identifier) if kind in KINDS else None
        former = self.hub.shelf.moved(kind, identifier) if found is None else None
        seen = found or former
        if seen is None or (seen.settings.is_private and not self.owns(seen)):
            raise no_repository(is_anonymous=self.caller is None)
        if former:
            raise Moved(self._readdressed(identifier, former.identifier))
        return seen

    def with_files(self) -> Repository:
        """The repository of the path, where the caller may have its files."""
        found = self.repository()
        asked = found.settings.requests.get(self.caller.name, {}) if self.caller else {}
        if found.settings.gated and asked.get("status") != "accepted" and not self.owns(found):
            raise gated(found.identifier, is_anonymous=self.caller is None)
        return found

    def own(self) -> Repository:
        """The repository of the path, where the caller may change it."""
        return self.find_own(*self._named())

    def find_own(self, kind: str, identifier: str) -> Repository:
        """A repository that the caller may change."""
        found = self.find(kind, identifier)
        if not self.owns(found, self.writer):
            raise forbidden(f"You don't have the required permissions to change {found.identifier}")
        return found

    def open_to(self, *, is_proposal: bool) -> Repository:
        """The repository that an upload goes to; anyone who may read it may propose a change."""
        return self.with_files() if is_proposal and self.writer else self.own()

    def owns(self, repository: Repository, caller: Caller | None = None) -> bool:
        """True where the caller belongs to the namespace."""
        who = caller or self.caller
        return who is not None and repository.namespace in self.hub.accounts.namespaces(who)

    def _named(self) -> tuple[str, str]:
        namespace, name = self.names.get("namespace"), self.names["name"]
        return self.names.get("kind", "models"), f"{namespace}/{name}" if namespace else name

    def _readdressed(self, old: str, new: str) -> str:
        url = self.request.url
        return url.path.replace(old, new, 1) + (f"?{url.query}" if url.query else "")
