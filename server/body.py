"""What comes in the body or the parameters of a request, checked once for all of the protocols.

Rules: https://www.w3.org/TR/sparql11-protocol/ sections 2.1 and 2.2 (one text, in UTF-8).
"""

from __future__ import annotations

from flask import request

from kg.errors import InputError, QueryError

FORM_TYPE = "application/x-www-form-urlencoded"


class WrongMediaType(InputError):
    """The body comes in a media type that this address does not know."""

    status = 415


class TooLong(InputError):
    """The body is larger than the limit."""

    status = 413


def limit(most: int, setting: str) -> None:
    """Raise TooLong where the body is larger than so many bytes, as announced or as sent."""
    request.max_content_length = most
    if (request.content_length or 0) > most:
        raise TooLong(f"the body is larger than {most:,} bytes (setting {setting})")


def utf8_body(what: str) -> str:
    """Return the body as text; raises WrongMediaType or QueryError where it is not UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset.replace("-", "") != "utf8":
        raise WrongMediaType(f"{what} has to be in UTF-8, not {charset}")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{what} is not in UTF-8: byte {error.start} cannot be read") from error


def only(found: list[str], name: str) -> str:
    """Return the one value of a parameter; raises QueryError where there is none or another."""
    if len(found) != 1:
        many = f"send one {name} only" if found else f"the parameter {name} is missing"
        raise QueryError(f"{many}; it has to be there exactly once")
    return found[0]


def unknown(what: str, *known: str) -> WrongMediaType:
    """Return the error for a body that comes as none of the media types known."""
    kind = request.mimetype or "a body without Content-Type"
    return WrongMediaType(f"{what} cannot come as {kind}; use {' or '.join(known)}")
