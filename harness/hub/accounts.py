"""Users, organizations and tokens."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .refusals import Refusal
from .writing import written

# Name, full name. Two users of equal rights, and an organization of both.
_USERS = {"alice": "Alice Example", "bob": "Bob Example"}
_ORGANIZATIONS = {"acme": "Acme Example"}
_ROLES = ("write", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: the user and the role of the token, `write` or `read`."""

    name: str
    role: str

    @property
    def may_write(self) -> bool:
        """True for a token that may change what its user owns."""
        return self.role == "write"


class Accounts:
    """Who exists, and which token is whose; kept in one file, so that a store keeps its tokens."""

    def __init__(self, file: Path) -> None:
        kept = json.loads(file.read_text()) if file.exists() else _fresh()
        self.users: Mapping[str, str] = kept["users"]
        self.organizations: Mapping[str, str] = kept["organizations"]
        self.tokens: Mapping[str, Mapping[str, str]] = kept["tokens"]
        self._callers = {
            token: Caller(name=name, role=role) for name, mine in self.tokens.items() for role, token in mine.items()
        }
        if not file.exists():
            written(file, json.dumps(kept, indent=2))

    def caller(self, authorization: str | None) -> Caller | None:
        """Whose token it is, or None where there is none; a token of nobody is refused everywhere."""
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token.strip() not in self._callers:
            raise Refusal(401, "Invalid credentials in Authorization header")
        return self._callers[token.strip()]

    def namespaces(self, caller: Caller) -> tuple[str, ...]:
        """Where the caller may create: the own name, and every organization."""
        return (caller.name, *self.organizations)

    def describe(self, caller: Caller) -> dict[str, Any]:
        """The answer to whoami."""
        return {
            "type": "user",
            "id": f"{caller.name:0>24}".encode().hex()[-24:],
            "name": caller.name,
            "fullname": self.users[caller.name],
            "email": f"{caller.name}@example.invalid",
            "emailVerified": True,
            "isPro": False,
            "canPay": False,
            "orgs": [
                {"type": "org", "name": name, "fullname": fullname, "roleInOrg": "write"}
                for name, fullname in self.organizations.items()
            ],
            "auth": {"type": "access_token", "accessToken": {"displayName": caller.role, "role": caller.role}},
        }


def _fresh() -> dict[str, Any]:
    tokens = {name: {role: f"hf_{secrets.token_hex(17)}" for role in _ROLES} for name in _USERS}
    return {"users": _USERS, "organizations": _ORGANIZATIONS, "tokens": tokens}
