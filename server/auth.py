"""Who may write: bearer tokens, or the same token as the password of Basic authentication."""

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
        found = "the token is unknown, revoked or has ended" if _given() else "a token is needed"
        bearer = WWWAuthenticate("bearer", {"realm": "pactgraph"})
        raise Unauthorized(
            f"{found}: send Authorization: Bearer …; {_MAKE}", www_authenticate=bearer
        )
    if scope not in token.scopes:
        raise Forbidden(
            f"this token may not do that: it lacks the scope {scope} ({SCOPES[scope]}); {_MAKE}"
        )
    return token


def _given() -> str:
    found = request.authorization
    if found is None:
        return ""
    return (found.token if found.type == "bearer" else found.password) or ""
