"""Refusals become pages: the right status, a sentence, and a way on."""

import errno
from contextlib import suppress

from flask import Flask, current_app, g, render_template
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from app.base.db import db
from app.base.errors import NotFound, XuejiError
from app.web.programs import is_program
from app.web.sizes import drain

Page = tuple[str | dict[str, str], int]
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def init_errors(app: Flask) -> None:
    """Handle our own refusals, those of the framework, and the unforeseen."""
    app.register_error_handler(XuejiError, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(OperationalError, _unstored)
    app.register_error_handler(Exception, _unforeseen)


def _page(status: int, title: str, message: str) -> Page:
    """Render the one error page; a program gets the sentence alone."""
    if is_program():
        return {"error": str(message)}, status
    return render_template("_layout/error.html", title=title, message=message), status


def _missing() -> Page:
    """The page of whatever is not there, or not for this person."""
    return _page(404, _("没有找到这一页"), _("地址可能写错了，或者这一页不对你开放。"))


def _refused(error: XuejiError) -> Page:
    """Show a refusal of the rooms."""
    if isinstance(error, NotFound):
        return _missing()
    titles = {409: _("刚才已经变了"), 429: _("请稍等"), 422: _("请检查一下")}
    return _page(error.status, titles.get(error.status, _("出错了")), error.message)


def _csrf(error: CSRFError) -> Page:
    """A form whose token is missing or of another sign-in."""
    message = _("这一页已经过时（可能换了账号或重新登录过），没有保存。请返回、刷新后再提交。")
    return _page(400, _("这一页过时了"), message)


def _http(error: HTTPException) -> Page:
    """Show what the framework refuses."""
    if error.code == 404:
        return _missing()
    messages = {
        401: _("登录已经过期，请重新登录。"),
        400: _("浏览器送来的内容不完整，请返回再试。"),
        405: _("这个地址不能这样打开，请回到首页。"),
        413: _("送来的内容太大了，没有保存。请缩小后再试。"),
    }
    status = error.code or 500
    if status == 413:
        drain()
    return _page(status, _("没有办成"), messages.get(status, _("请返回再试。")))


def _unfit(error: DataError) -> Page:
    """What no person types and no database keeps: NUL characters, numbers out of all bounds."""
    current_app.logger.warning("input that cannot be stored", exc_info=error)
    _give_up_transaction()
    return _page(400, _("没有办成"), _("浏览器送来的内容不完整，请返回再试。"))


def _unforeseen(error: Exception) -> Page:
    """Log the unforeseen and say sorry; what was saved before stays saved."""
    if current_app.testing or current_app.debug:
        raise error
    if isinstance(error, OSError) and error.errno in DISK:
        return _unstored(error)
    current_app.logger.error("unforeseen error", exc_info=error)
    _give_up_transaction()
    return _page(500, _("系统出错了"), _("已经保存的作答不会丢。请过一会儿再试。"))


def _unstored(error: Exception) -> Page:
    """Say that nothing can be stored or read now: disk full, read-only, database away."""
    current_app.logger.error("storage failed", exc_info=error)
    _give_up_transaction()
    g._login_user = AnonymousUserMixin()  # who asks cannot be looked up for the page either
    message = _("服务器暂时存不进东西，刚才的操作没有保存。以前保存的作答都在，请过几分钟再试。")
    return _page(503, _("暂时不能保存"), message)


def _give_up_transaction() -> None:
    """Make the error page in a fresh transaction: PostgreSQL refuses to go on in the failed one."""
    with suppress(Exception):
        db.session.rollback()
