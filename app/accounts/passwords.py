"""Passwords: what is accepted, how it is kept (argon2id), and comparing in even time."""

import functools
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.base.errors import Invalid

Cost = tuple[int, int, int]
STRONG: Cost = (19456, 2, 1)  # KiB, passes, lanes: the OWASP Password Storage Cheat Sheet's minimum
CHEAP: Cost = (8, 1, 1)  # for tests only
SHORTEST, LONGEST = 10, 200
COMMON_WORDS = """
    1234567890 12345678910 0123456789 0987654321 1111111111 0000000000 8888888888 6666666666
    1234512345 123456123456 123123123123 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwerty123456 qwer123456
    asdfghjkl123 abcdefghij abc1234567 abc123456789 a123456789 a1234567890 aa123456789 password123
    password1234 passw0rd123 iloveyou123 woaini1314520 woaini520 5201314520 administrator admin12345
    admin123456 admin888888 root123456 zhongguo123 dangyuan123 xuexiqiangguo
"""
COMMON = frozenset(COMMON_WORDS.split())


@functools.lru_cache(maxsize=4)
def _hasher(cost: Cost) -> PasswordHasher:
    memory, passes, lanes = cost
    return PasswordHasher(time_cost=passes, memory_cost=memory, parallelism=lanes)


def _plain(password: str) -> str:
    """Fold full-width letters, so that an input method left on does not lock people out."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str, phone: str | None) -> None:
    """Raise Invalid with a sentence when `password` is too short, too long or easily guessed."""
    reason = _weakness(_plain(password).casefold(), name.casefold(), phone)
    if reason:
        raise Invalid(reason, password=reason)


def _weakness(plain: str, name: str, phone: str | None) -> str | None:
    if len(plain) < SHORTEST:
        return str(_("密码至少要有 %(n)s 个字符。", n=SHORTEST))
    if len(plain) > LONGEST:
        return str(_("密码最多 %(n)s 个字符。", n=LONGEST))
    if len(set(plain)) < 4 or plain.strip() in COMMON:
        return str(_("这个密码太常见，请换一个。"))
    if phone and phone in plain:
        return str(_("密码里不要含有手机号。"))
    if len(name) > 1 and name in plain and len(plain) - len(name) < SHORTEST:
        return str(_("密码不要由姓名加几个字符组成。"))
    return None


def hash_password(password: str, cost: Cost) -> str:
    """Return the argon2id hash to keep."""
    return _hasher(cost).hash(_plain(password))


def is_right(kept: str | None, password: str, cost: Cost) -> bool:
    """Say whether `password` matches the hash; without one, spend the same time and say no."""
    if len(password) > LONGEST:
        password, kept = "", None
    try:
        _hasher(cost).verify(kept or _nobody(cost), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str, cost: Cost) -> bool:
    """Say whether the hash was made with other parameters and should be made anew."""
    return _hasher(cost).check_needs_rehash(kept)


@functools.lru_cache(maxsize=4)
def _nobody(cost: Cost) -> str:
    return _hasher(cost).hash("nobody has this password")
