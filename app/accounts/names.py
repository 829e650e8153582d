"""Names and phone numbers as people type them, brought to one form."""

import re
import unicodedata

from flask_babel import gettext as _

from app.base.errors import Invalid

ROLES = ("member", "trainer", "editor", "auditor", "admin")
GRANTABLE = {"trainer": ("member", "trainer"), "admin": ROLES}  # nobody grants above themselves
_SEPARATORS = re.compile(r"[\s\-().·]+")
_PHONE = re.compile(r"[0-9]{7,15}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def fold(text: str) -> str:
    """Return a name with full-width forms, invisible characters and surplus spaces removed."""
    plain = _CONTROL.sub(" ", unicodedata.normalize("NFKC", text))
    return " ".join(plain.split())


def find_phone(text: str) -> str | None:
    """Return the digits of a phone number (7–15, mainland prefix dropped), or None."""
    digits = _SEPARATORS.sub("", fold(text))
    if digits.startswith("+86") or (digits.startswith("0086") and len(digits) > 11):
        digits = digits.removeprefix("+86").removeprefix("0086")
    digits = digits.removeprefix("+")
    return digits if _PHONE.fullmatch(digits) else None


def read_name(text: str) -> str:
    """Return a person's name of 1–40 characters that cannot be mistaken for a phone number."""
    name = fold(text)
    if not name:
        raise Invalid(_("请填写姓名。"), name=_("请填写姓名。"))
    if len(name) > 40:
        raise Invalid(_("姓名太长（最多 40 个字）。"), name=_("姓名太长（最多 40 个字）。"))
    if not any(character.isalpha() for character in name):
        raise Invalid(_("姓名里应当有文字。"), name=_("姓名里应当有文字。"))
    return name


def read_phone(text: str | None) -> str | None:
    """Return the digits of a phone number, None for none; raise Invalid for anything else."""
    if not text or not text.strip():
        return None
    phone = find_phone(text)
    if phone is None:
        raise Invalid(_("手机号应为 7 到 15 位数字。"), phone=_("手机号应为 7 到 15 位数字。"))
    return phone


def may_grant(own: str, role: str) -> bool:
    """Say whether somebody with the role `own` may give `role` to a person within their reach."""
    return role in GRANTABLE.get(own, ())


def read_role(text: str) -> str:
    """Return the role when it is one of ours; raise Invalid."""
    if text not in ROLES:
        raise Invalid(_("没有这种身份。"), role=_("没有这种身份。"))
    return text
