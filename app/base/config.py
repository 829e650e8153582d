"""Configuration: defaults, then the environment; everything the site writes lies in one folder."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECOND_FACTOR = ("off", "offered", "required")
OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_CLAIM", "OIDC_NAME")


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the settings for `environ`.

    Read are XUEJI_DATA, XUEJI_DATABASE_URL, XUEJI_HTTPS, XUEJI_METRICS_TOKEN, XUEJI_FONT,
    XUEJI_ORIGIN, XUEJI_SMTP, XUEJI_MAIL_FROM, XUEJI_SECOND_FACTOR and XUEJI_OIDC_….
    """
    data = Path(environ.get("XUEJI_DATA") or ROOT / "var").resolve()
    https = environ.get("XUEJI_HTTPS") == "1"
    url = environ.get("XUEJI_DATABASE_URL") or f"sqlite:///{data / 'xueji.sqlite3'}"
    return {
        "DATA": data,
        "METRICS_TOKEN": environ.get("XUEJI_METRICS_TOKEN") or None,
        "QUESTION_BANK": ROOT / "question_bank",
        "FONT": environ.get("XUEJI_FONT"),
        "ORIGIN": (environ.get("XUEJI_ORIGIN") or "").rstrip("/"),
        "SECOND_FACTOR": _second_factor(environ),
        **{name: environ.get(f"XUEJI_{name}") or "" for name in OIDC},
        "SMTP": environ.get("XUEJI_SMTP") or "",
        "MAIL_FROM": environ.get("XUEJI_MAIL_FROM") or "",
        "SQLALCHEMY_DATABASE_URI": _with_driver(url),
        "MAX_CONTENT_LENGTH": 4 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A browser takes the prefix only over HTTPS, for this host alone and all of it.
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 60 * 24 * 3600,
        "WTF_CSRF_SSL_STRICT": False,  # browsers inside apps leave the referrer out
        "WTF_CSRF_TIME_LIMIT": None,  # a page left open overnight must still take the answer
    }


def _second_factor(environ: Mapping[str, str]) -> str:
    """Return what the setting says; whoever mistypes "required" must hear of it."""
    chosen = environ.get("XUEJI_SECOND_FACTOR") or "offered"
    if chosen not in SECOND_FACTOR:
        raise ValueError(f"XUEJI_SECOND_FACTOR must be one of {', '.join(SECOND_FACTOR)}")
    return chosen


def _with_driver(url: str) -> str:
    """Name psycopg 3 for the addresses people paste (postgres://, postgresql://)."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def secret_key(data: Path) -> str:
    """Return the signing key kept in the data folder, made on first use, readable by its owner."""
    path = data / "secret-key"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_hex(32)
    try:
        write_secret(path, key)
    except FileExistsError:
        return path.read_text()
    return key


def write_secret(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; raise FileExistsError when there is one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
