"""What rooms put on the home page: the page lies in a room below theirs and may not know them."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app
from markupsafe import Markup

KEY, NEWS = "xueji.home", "xueji.home.news"
ALWAYS, NEVER = "1 = 1", "1 = 0"
Panel = Callable[[datetime], str]


def add_panel(app: Flask, panel: Panel, news: str = ALWAYS) -> None:
    """Let `panel` say something to the person who is signed in, in HTML; "" is nothing.

    It is asked at every visit before the page is drawn, so it must be quick when it has nothing.
    `news` says in SQL whether it may have something for a member, so that the short way can ask
    with everything else whether anybody has: of :member, of :now in epoch seconds and of the study
    :day. Where it is in doubt it must be true.
    """
    app.extensions.setdefault(KEY, []).append((panel, news))
    every = (NEVER, *(one for _panel, one in app.extensions[KEY]))
    app.extensions[NEWS] = " OR ".join(every)


def list_panels(now: datetime) -> list[Markup]:
    """Return what there is to say now, in the order in which the rooms were wired."""
    panels: list[tuple[Panel, str]] = current_app.extensions.get(KEY, [])
    return [Markup(text) for panel, _news in panels if (text := panel(now))]


def list_news() -> str:
    """Return in SQL whether any panel may have something to say to a member."""
    news: str = current_app.extensions.get(NEWS, NEVER)
    return news
