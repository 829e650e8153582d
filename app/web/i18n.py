"""Languages: Chinese is the source, English a complete catalogue compiled into the data folder."""

import hashlib
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request
from flask.globals import app_ctx
from flask_babel import Babel, get_locale, gettext, refresh
from flask_login import current_user
from markupsafe import Markup

LANGUAGES = ("zh", "en")
LOCALES = {name: Locale(name) for name in LANGUAGES}
COOKIE = "lang"
_kept: dict[str, dict[str, Markup]] = {}  # language → sentence → what it is called there
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
    app.before_request(_choose_anew)
    app.jinja_env.globals["_"] = words
    app.jinja_env.globals["language_tag"] = lambda: "en" if str(get_locale()) == "en" else "zh-CN"


def _choose_anew() -> None:
    """Let each request choose its language, inside a longer application context too."""
    own = app_ctx._get_current_object().g  # type: ignore[attr-defined]
    own.pop("words", None)
    if "_flask_babel" in own:  # only inside a longer context, such as a test's
        refresh()


def words(text: str, **values: Any) -> Markup:
    """Return a sentence of a template in the reader's language, its values escaped.

    Said dozens of times a page, so each sentence is looked up once a language and then kept;
    there are only as many as the templates have.
    """
    if "words" not in g:
        g.words = _kept.setdefault(str(get_locale()), {})
    known: dict[str, Markup] = g.words
    if text not in known:
        known[text] = Markup(gettext(text))
    return known[text] % values


def compile_catalogue(source: Path, target: Path) -> Path:
    """Compile a catalogue below `target`, unless that was done before; return its folder."""
    folder = target / hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    compiled = folder / "en" / "LC_MESSAGES" / "messages.mo"
    if not compiled.exists():
        from babel.messages.mofile import write_mo  # needed once a build

        from app.web.messages import read_catalogue

        compiled.parent.mkdir(parents=True, exist_ok=True)
        part = compiled.with_suffix(".part")
        with part.open("wb") as file:
            write_mo(file, read_catalogue(source))
        part.replace(compiled)  # another process may be reading: it sees all of it or nothing
    return folder


def cookie_name() -> str:
    """Return the name of the language cookie, which under HTTPS is bound to this host."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _choose() -> Locale:
    """Return the member's language, else the cookie's, else Chinese."""
    if not has_request_context():
        return LOCALES[g.get("language", "zh")]  # on the short way somebody's, else Chinese
    chosen = getattr(current_user, "language", None) or request.cookies.get(cookie_name(), "zh")
    return LOCALES.get(chosen, LOCALES["zh"])
