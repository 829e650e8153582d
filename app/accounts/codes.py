"""Codes of an authenticator app (TOTP, RFC 6238) and recovery codes; pure."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds a code is shown
DRIFT = 1  # steps that a phone's clock may be ahead or behind
RECOVERY = 8  # codes handed out at once
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that nobody confuses on paper
GROUPS, GROUP = 6, 4  # 24 characters, 120 bits: enough to be kept as a plain hash
_CODE = re.compile(r"[0-9]{6}")


def secret_for(token: str, secret: str) -> str:
    """Return the app's secret (160 bits, base32) that the session `token` is offered.

    It is the same until the session ends, so that a page opened twice shows one picture, and
    nothing has to be stored before the person has proved that the app works.
    """
    key = hashlib.sha256(b"authenticator\0" + secret.encode()).digest()
    made = hmac.new(key, token.encode(), hashlib.sha256).digest()[:20]
    return base64.b32encode(made).decode()


def address_of(app_secret: str, name: str, site: str) -> str:
    """Return the otpauth:// address that an app reads from the picture."""
    return pyotp.TOTP(app_secret).provisioning_uri(name=name, issuer_name=site)


def find_step(app_secret: str, code: str, now: datetime) -> int | None:
    """Return which step since 1970 the code belongs to, None when it is none of these minutes'."""
    if not _CODE.fullmatch(code):
        return None
    made, at = pyotp.TOTP(app_secret), int(now.timestamp()) // STEP
    for step in range(at - DRIFT, at + DRIFT + 1):
        if hmac.compare_digest(made.at(step * STEP), code):
            return step
    return None


def plain(text: str) -> str:
    """Return a code as typed, without spaces and strokes, in capitals and half-width digits."""
    half = text.translate({0xFEE0 + n: n for n in range(0x21, 0x7F)})
    return re.sub(r"[\s\-–—]+", "", half).upper()


def is_recovery(code: str) -> bool:
    """Say whether a plain code has the length of a recovery code."""
    return len(code) == GROUPS * GROUP


def new_recovery_code() -> str:
    """Return a random code as it is shown: six groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(GROUP)) for _g in range(GROUPS))
    return "-".join(groups)
