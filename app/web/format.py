"""Moments and names as people say them."""

from datetime import date, datetime

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.base.clock import SHANGHAI, from_epoch, study_day

NEAR_DAYS = 7  # within which people count days instead of naming them


def day_words(day: date, today: date) -> str:
    """Return 今天, 明天, 3 天后, 昨天 or 3 天前."""
    away = (day - today).days
    near: dict[int, str] = {0: _("今天"), 1: _("明天"), -1: _("昨天")}
    if away in near:
        return near[away]
    return str(_("%(n)s 天后", n=away) if away > 0 else _("%(n)s 天前", n=-away))


def date_words(day: date, today: date) -> str:
    """Return a day within a week as `day_words`, any other as 11月5日, with its year if another."""
    if abs((day - today).days) <= NEAR_DAYS:
        return day_words(day, today)
    return short_day(day, today)


def short_day(day: date, today: date) -> str:
    """Return a day as 11月5日, with its year if it is another than that of `today`."""
    skeleton = "MMMd" if day.year == today.year else "yMMMd"
    return str(format_skeleton(skeleton, day, locale=get_locale()))


def long_day(day: date | int) -> str:
    """Return a day, or that of an epoch second in Shanghai, as 2026年11月5日."""
    if isinstance(day, int):
        day = from_epoch(day).astimezone(SHANGHAI).date()
    return str(format_skeleton("yMMMd", day, locale=get_locale()))


def when(seconds: int, now: datetime) -> str:
    """Return the day of an epoch second as people say it on `now`."""
    return date_words(study_day(from_epoch(seconds)), study_day(now))


def iso_day(seconds: int) -> str:
    """Return the calendar day in Shanghai of an epoch second, as 2026-11-23."""
    return from_epoch(seconds).astimezone(SHANGHAI).date().isoformat()


def to_the_minute(seconds: int) -> str:
    """Return an epoch second as 2026年11月5日 07:30, in Shanghai."""
    return f"{long_day(seconds)} {_clock(seconds):%H:%M}"


def to_the_second(seconds: int) -> str:
    """Return an epoch second as 2026年11月5日 07:30:05, in Shanghai."""
    return f"{long_day(seconds)} {_clock(seconds):%H:%M:%S}"


def _clock(seconds: int) -> datetime:
    return from_epoch(seconds).astimezone(SHANGHAI)


KIND_NAMES = {
    "single": _l("单选题"),
    "multiple": _l("多选题"),
    "truefalse": _l("判断题"),
    "blank": _l("填空题"),
    "order": _l("排序题"),
}


def kind_name(kind: str) -> str:
    """Return the name of a question kind."""
    return str(KIND_NAMES[kind])


def init_format(app: Flask) -> None:
    """Give templates these words."""
    words = {"when": when, "kind_name": kind_name, "day_words": day_words}
    app.jinja_env.globals.update(words, iso_day=iso_day, date_words=date_words)
    app.jinja_env.globals["short_day"] = short_day
    app.jinja_env.filters["day"] = long_day
