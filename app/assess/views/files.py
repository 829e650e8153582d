"""Reports and certificates as files: small workbooks at once, all else from the press, behind a
page that waits and looks again. Whoever calls has checked who asks."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Reply

from app.assess.printing import (
    CERTIFICATE,
    REPORT,
    CertificateJob,
    ReportJob,
    Type,
    encode_job,
)
from app.assess.report import Report
from app.assess.workbook import write_report
from app.base import clock
from app.base.errors import NotFound
from app.quiz import press
from app.quiz.font import find_font

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AGAIN_S = 2  # after so many seconds the page that waits looks again
AT_ONCE = 500  # rows of a workbook that is written while one waits: some tens of milliseconds


def give_report(form: str, name: str, back: str, make: Callable[[], Report]) -> Reply:
    """Give a report as a file called `name`; `back` is the page it belongs to.

    `form` is pdf or xlsx; raise NotFound for any other.
    """
    if form not in TYPES:
        raise NotFound(_("没有这个页面。"))
    waiting = _look(form, name, back)
    if waiting is not None:
        return waiting
    report = make()
    if form == "xlsx" and report.rows <= AT_ONCE:
        return _file(write_report(report), form, name)
    kind = Type.of(find_font(current_app.config.get("FONT"))) if form == "pdf" else None
    return _order(REPORT, encode_job(ReportJob(report, kind, _day())))


def give_certificate(holder: str, sentences: tuple[str, ...], address: str, back: str) -> Reply:
    """Give a certificate as a PDF."""
    name = f"证书-{holder}"
    waiting = _look("pdf", name, back)
    if waiting is not None:
        return waiting
    kind = Type.of(find_font(current_app.config.get("FONT")))
    job = CertificateJob(holder, sentences, address, kind, _day())
    return _order(CERTIFICATE, encode_job(job))


def _look(form: str, name: str, back: str) -> Response | None:
    """Return what was ordered, or the page that waits for it; None when nothing was."""
    failed = _("没有排成，可能是太长或服务器太忙。请过一会儿再试，或下载表格。")
    try:
        asked = request.args.get("made", "")
        made = press.find_made(_folder(), request.path, asked, failed)
    except press.Unordered:
        return None
    if made is not None:
        return _file(made, form, name)
    wait = Response(render_template("assess/waiting.html", name=name, back=back), 202)
    wait.headers["Refresh"] = str(AGAIN_S)
    return wait


def _order(target: str, data: bytes) -> Reply:
    """Set the press going and lead to where its file will be."""
    order = press.Order(request.path, target, data)
    name = press.place_order(_folder(), order, clock.epoch(clock.now()))
    told = {**request.args, **(request.view_args or {}), "made": name}
    return redirect(url_for(str(request.endpoint), **told))


def _file(data: bytes, form: str, name: str) -> Response:
    """Return a file, named in Latin letters for old programs and in full for others.

    A PDF opens in place, so that the page that waited is not left behind.
    """
    reply = Response(data, mimetype=TYPES[form])
    how = "inline" if form == "pdf" else "attachment"
    reply.headers["Content-Disposition"] = (
        f"{how}; filename=report.{form}; filename*=UTF-8''{quote(f'{name}.{form}')}"
    )
    return reply


def _folder() -> Path:
    return Path(current_app.config["DATA"]) / "printed"


def _day() -> datetime:
    """Return when the day began: what is made twice on a day is the same file."""
    return clock.day_start(clock.study_day(clock.now()))
