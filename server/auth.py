"""Who may write and who sees all: bearer tokens, or tokens as passwords of Basic authentication."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from kg.tokens import SCOPES, Token, Tokens

_MAKE = "`pactgraph token create` makes one"


def require(scope: str) -> Token:
    """Return the token of the request, which must have the scope.

    Raises Unauthorized (401) without a valid token, Forbidden (403) where the scope is missing
    or nobody has a token at all, which makes the service read-only.
    """
    tokens: Tokens = current_app.extensions["tokens"]
    if not tokens.all():
        raise Forbidden(f"this service is read-only: nobody has a token yet; {_MAKE}")
    token = tokens.find(_given())
    if token is None:
        raise _unauthorized()
    if scope not in token.scopes:
        raise Forbidden(
            f"this token may not do that: it lacks the scope {scope} ({SCOPES[scope]}); {_MAKE}"
        )
    return token


def check() -> None:
    """Raise Unauthorized (401) where a request brings a token of ours that holds no longer.

    Other credentials are left alone: they may be meant for a proxy in front.
    """
    tokens: Tokens = current_app.extensions["tokens"]
    if _given().startswith("pg_") and tokens.find(_given()) is None:
        raise _unauthorized()


def sees_all() -> bool:
    """Tell whether the request brings a token that opens the whole texts of documents."""
    tokens: Tokens | None = current_app.extensions.get("tokens")
    token = tokens.find(_given()) if tokens is not None and _given() else None
    return token is not None and "read" in token.scopes


def _unauthorized() -> Unauthorized:
    found = "the token is unknown, revoked or has ended" if _given() else "a token is needed"
    bearer = WWWAuthenticate("bearer", {"realm": "pactgraph"})
    return Unauthorized(f"{found}: send Authorization: Bearer …; {_MAKE}", www_authenticate=bearer)


def _given() -> str:
    found = request.authorization
    if found is None:
        return ""
    return (found.token if found.type == "bearer" else found.password) or ""
