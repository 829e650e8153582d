"""Languages: Chinese is the source, English a complete catalogue compiled into the data folder."""

import hashlib
from pathlib import Path

from babel.messages.mofile import write_mo
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_locale, refresh
from flask_login import current_user

from app.web.messages import read_catalogue

LANGUAGES = ("zh", "en")
COOKIE = "lang"
CATALOGUE = Path(__file__).parent / "translations" / "en.po"


def init_i18n(app: Flask) -> None:
    """Choose the language of each request; commands speak Chinese."""
    compiled = compile_catalogue(CATALOGUE, Path(app.config["DATA"]) / "translations")
    Babel(
        app,
        default_locale="zh",
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(compiled),
        locale_selector=_choose,
    )
    app.before_request(refresh)  # inside a longer application context, too, each request chooses
    app.jinja_env.globals["language_tag"] = lambda: "en" if str(get_locale()) == "en" else "zh-CN"


def compile_catalogue(source: Path, target: Path) -> Path:
    """Compile a catalogue below `target`, unless that was done before; return its folder."""
    folder = target / hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    compiled = folder / "en" / "LC_MESSAGES" / "messages.mo"
    if not compiled.exists():
        compiled.parent.mkdir(parents=True, exist_ok=True)
        part = compiled.with_suffix(".part")
        with part.open("wb") as file:
            write_mo(file, read_catalogue(source))
        part.replace(compiled)  # another process may be reading: it sees all of it or nothing
    return folder


def cookie_name() -> str:
    """Return the name of the language cookie, which under HTTPS is bound to this host."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _choose() -> str:
    """Return the member's language, else the cookie's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = getattr(current_user, "language", None) or request.cookies.get(cookie_name(), "zh")
    return chosen if chosen in LANGUAGES else "zh"
