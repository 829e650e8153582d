"""What rooms put on the home page: the page lies in a room below theirs and may not know them."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from markupsafe import Markup

KEY = "xueji.home"
Panel = Callable[[datetime], str]


def add_panel(app: Flask, panel: Panel) -> None:
    """Let `panel` say something to the person who is signed in, in HTML; "" is nothing.

    It is asked at every visit before the page is drawn, so it must be quick when it has nothing.
    """
    app.extensions.setdefault(KEY, []).append(panel)


def list_panels(now: datetime) -> list[Markup]:
    """Return what there is to say now, in the order in which the rooms were wired."""
    panels: list[Panel] = current_app.extensions.get(KEY, [])
    return [Markup(text) for panel in panels if (text := panel(now))]
