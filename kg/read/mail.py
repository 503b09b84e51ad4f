"""E-mails, as press offices send them: Subject, Date and From, and the text in any encoding."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from kg.errors import DocumentError
from kg.model import Document, Span
from kg.read.encoding import decode
from kg.read.page import read_html
from kg.read.text import made

_PREFIX = re.compile(r"^(?:(?:re|fw|fwd)\s*:\s*)+", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_MAX_PARTS = 200


def read_mail(name: str, data: bytes, charset: str = "", url: str = "") -> Document:
    """Return the text of an e-mail, subject first; plain text goes before HTML.

    The publisher is the sender's name, never an address. Raises DocumentError where no part is
    text.
    """
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise DocumentError(f"{name}: this is no e-mail that can be read")
    text, notes = _text(name, message)
    subject = _PREFIX.sub("", _header(message, "Subject"))
    if subject and not text.lstrip().startswith(subject):
        text = f"{subject}\n\n{text}"
    signature = _SIGNATURE.search(text)
    date = _date(message)
    return made(
        name,
        text,
        date=date,
        date_source="metadata" if date else "",
        title=subject[:250],
        publisher=parseaddr(_header(message, "From"))[0][:200],
        url=url,
        media_type="message/rfc822",
        body=Span(0, signature.start() if signature else len(text)),
        notes=notes,
    )


def _text(name: str, message: EmailMessage) -> tuple[str, tuple[str, ...]]:
    try:
        parts = []
        for part in message.walk():
            if not part.is_multipart() and not part.is_attachment():
                parts.append(part)
            if len(parts) > _MAX_PARTS:
                break
    except (ValueError, LookupError, RecursionError) as error:
        raise DocumentError(f"{name}: this e-mail is broken; save its text as a file") from error
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != wanted:
                continue
            raw = part.get_payload(decode=True)
            body = raw if isinstance(raw, bytes) else b""
            declared = part.get_content_charset("") or ""
            if wanted == "text/html" and body.strip():
                page = read_html(name, body, declared)
                return page.text, page.notes
            text, note = decode(name, body, declared)
            if text.strip():
                return text.replace("\r\n", "\n"), (note,) if note else ()
    raise DocumentError(f"{name}: no part of this e-mail is text; save the attachment as a file")


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except Exception:  # the parser of headers raises many things at broken ones
        return ""


def _date(message: EmailMessage) -> dt.date | None:
    """Return the day on the sender's own calendar."""
    try:
        found = message["Date"].datetime
    except Exception:  # as above
        return None
    return found.date() if isinstance(found, dt.datetime) else None
