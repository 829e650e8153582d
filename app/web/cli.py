"""The catalogue of English words and the icons, from the terminal."""

import click
from flask.cli import AppGroup

from app.base.cli import json_option, report
from app.base.config import ROOT
from app.web.i18n import CATALOGUE
from app.web.icon import draw_icon
from app.web.installing import ICONS
from app.web.messages import find_messages, update_catalogue

group = AppGroup("words", help="English words of the interface.")
icons = AppGroup("icons", help="Icons for home screens.")
FOLDERS = (ROOT / "app", ROOT / "templates")


@group.command("update")
@json_option
def update(as_json: bool) -> None:
    """Add sentences that are new in code and templates to the catalogue, take out the others."""
    added, removed = update_catalogue(CATALOGUE, find_messages(FOLDERS))
    report({"added": added, "removed": removed}, as_json)
    if added:
        click.echo(f"Write the English of {added} sentences in {CATALOGUE.name}.", err=True)


@icons.command("draw")
@json_option
def draw(as_json: bool) -> None:
    """Draw the icons into static/ anew."""
    for size, name in ICONS.items():
        (ROOT / "static" / name).write_bytes(draw_icon(size))
    report({"drawn": sorted(ICONS.values())}, as_json)
