"""Sample pages, PDFs and e-mails, made here in our own words."""

from __future__ import annotations

import json
from email.message import EmailMessage

from fpdf import FPDF

LEAD = (
    "Aldoria and Belmora signed a fisheries agreement on 12 May 2031 after two years of talks that"
    " were held in turn in both capitals."
)
MORE = (
    "Minister Ann Orr said that a joint committee would meet every spring. It will set the catch"
    " for herring and cod, and settle quarrels between the fleets of the two countries."
)
MENU = "Home Weather Sport Crosswords Subscribe to our newsletter"


def page(
    *,
    head: str = "",
    linked: object = None,
    body: str = f"<p>{LEAD}</p><p>{MORE}</p>",
    title: str = "Two coasts agree on fish",
    lang: str = "en",
) -> bytes:
    """Return a news page with a menu, an article and a footer."""
    data = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    links = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in MENU.split())
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The'
        f" Daily Tide</title>{head}{data}</head><body><nav><ul>{links}</ul></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main>"
        "<footer><p>All rights reserved. Contact us. Terms of use.</p></footer></body></html>"
    ).encode()


def pdf(paragraphs: list[str], *, columns: int = 1, password: str = "", title: str = "") -> bytes:
    """Return a PDF with these paragraphs, set in one or more columns."""
    maker = FPDF(format="A4")
    maker.set_title(title)
    maker.add_page()
    maker.set_font("Helvetica", size=11)
    if password:
        maker.set_encryption(owner_password=password + "-owner", user_password=password)
    with maker.text_columns(ncols=columns, gutter=8, text_align="L") as columns_:
        for words in paragraphs:
            with columns_.paragraph(bottom_margin=4) as part:
                part.write(words)
    return bytes(maker.output())


def mail(text: str, *, html: str = "", charset: str = "utf-8", **headers: str) -> bytes:
    """Return an e-mail, quoted-printable, with an HTML twin where one is given."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text, charset=charset, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()
