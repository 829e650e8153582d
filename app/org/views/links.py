"""The page of invitation links: shown once, printable, each with a QR code."""

from collections.abc import Sequence

from flask import render_template, url_for

from app.accounts.invitation import Invited
from app.org.views.blueprint import Page

MOST_CODES = 300  # QR codes on one page; beyond, links alone keep it printable


def links_page(named: Sequence[tuple[str, str]], changed: int | None = None) -> Page:
    """Show the links of (name, token); `changed` people are mentioned after an import."""
    few = len(named) <= MOST_CODES
    links = [(name, url_for("accounts.invite", token=t, _external=True)) for name, t in named]
    cards = [(name, link, _picture(link) if few else None) for name, link in links]
    return render_template("org/links.html", cards=cards, changed=changed), 200


def named_tokens(invited: Sequence[Invited]) -> list[tuple[str, str]]:
    """Return name and token of those who got a link."""
    return [(one.newcomer.name, one.token) for one in invited if one.token]


def _picture(link: str) -> str:
    import segno  # loaded when somebody wants a code

    picture: str = segno.make(link, error="m").svg_data_uri(scale=4, border=2)
    return picture
