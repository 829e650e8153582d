"""Languages: Chinese is the source, English a complete catalogue."""

from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_login import current_user

LANGUAGES = ("zh", "en")
COOKIE = "lang"


def init_i18n(app: Flask) -> None:
    """Choose the language of each request; commands speak Chinese."""
    Babel(
        app,
        default_locale="zh",
        default_timezone="Asia/Shanghai",
        default_translation_directories="web/translations",
        locale_selector=_choose,
    )


def _choose() -> str:
    """Return the member's language, else the cookie's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = getattr(current_user, "language", None) or request.cookies.get(COOKIE, "zh")
    return chosen if chosen in LANGUAGES else "zh"
