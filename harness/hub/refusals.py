"""What the Hub refuses, in the words and headers that its client turns into exceptions."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """An answer of 4xx: the status, the message for people, and `X-Error-Code` for the client."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {**({"X-Error-Code": code} if code else {}), "X-Error-Message": _one_line(message)}
        self.headers.update(headers or {})
        self.body = {"error": message, **body}


class Moved(Exception):
    """The repository has another name now: the request is sent on."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def bad(message: str, **body: Any) -> Refusal:
    """400: the request itself is wrong."""
    return Refusal(400, message, **body)


def no_repository(*, is_anonymous: bool) -> Refusal:
    """The repository is not there, or not for the caller's eyes: nobody can tell which.

    The real Hub sends an anonymous caller no code; its client then asks whether the URL begins with
    https, which ours does not.
    """
    if is_anonymous:
        return Refusal(401, "Invalid username or password.", "RepoNotFound")
    return Refusal(404, "Repository not found", "RepoNotFound")


def no_revision(revision: str) -> Refusal:
    """No branch, tag, pull request or commit of that name."""
    return Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")


def no_entry(path: str, commit: str) -> Refusal:
    """No such file in that commit; the client remembers it by `X-Repo-Commit`."""
    message = f"{path} does not exist on this revision"
    return Refusal(404, message, "EntryNotFound", headers={"X-Repo-Commit": commit})


def gated(identifier: str, *, is_anonymous: bool) -> Refusal:
    """The files of a gated repository, for someone without access."""
    why = "you must be authenticated to access it" if is_anonymous else "you are not in the authorized list"
    message = f"Access to model {identifier} is restricted and {why}."
    return Refusal(401 if is_anonymous else 403, message, "GatedRepo")


def no_caller() -> Refusal:
    """401: something that only a user may do."""
    return Refusal(401, "Invalid username or password.")


def forbidden(message: str) -> Refusal:
    """403: the caller is known and may not."""
    return Refusal(403, message)


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("ascii", "replace").decode("ascii")
