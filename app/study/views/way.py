"""The way in that every study page carries along: read from a request, written into addresses."""

from typing import Any, TypeVar

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.base.errors import Invalid
from app.study import queries
from app.study.forms import Sent, WayForm, read_sent

NEXT = "/study"  # the address of the next question on the usual way in
F = TypeVar("F", bound=WayForm)


def read_way(values: MultiDict[str, str]) -> queries.Way:
    """Read the way in; anything unknown is the usual way."""
    name = values.get("way", "due")
    since = values.get("since", 0, type=int)
    return queries.Way(
        name=name if name in queries.WAYS else "due",
        subject=values.get("subject", "")[:60],
        chapter=values.get("chapter", "")[:60],
        since=since if 0 <= since < 2**40 else 0,
        question=values.get("question", "")[:60],
    )


def next_url(way: queries.Way, **more: Any) -> str:
    """Return the address of the next question on this way in."""
    if way.name in ("due", "one"):
        return url_for("study.question")
    parts = {"subject": way.subject, "chapter": way.chapter, "since": way.since, **more}
    return url_for("study.question", way=way.name, **{k: v for k, v in parts.items() if v})


def checked(form: F) -> F:
    """Return the form, or refuse a malformed one with a sentence."""
    if not form.validate():
        raise Invalid(_incomplete())
    return form


def read_form(kind: type[Sent]) -> Sent:
    """Return what the request's form sent, or refuse what is malformed with a sentence."""
    sent = read_sent(kind, request.form.to_dict())
    if sent is None:
        raise Invalid(_incomplete())
    return sent


def _incomplete() -> str:
    """Say that a page was incomplete."""
    return str(_("这一页不完整或已经过时，请回到“今天”重新打开题目。没有记录任何内容。"))
