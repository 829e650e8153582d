"""Passwords: what is accepted, how it is kept (argon2id), and comparing in even time."""

import functools
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.accounts.guessable import FEWEST, count_choices
from app.base.errors import Invalid
from app.base.processor import anywhere

Cost = tuple[int, int, int]
STRONG: Cost = (19456, 2, 1)  # KiB, passes, lanes: the OWASP Password Storage Cheat Sheet's minimum
CHEAP: Cost = (8, 1, 1)  # for tests only
SHORTEST, LONGEST = 10, 200


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
    if phone and phone in plain:
        return str(_("密码里不要含有手机号。"))
    if count_choices(plain, (name, phone or "")) < FEWEST:
        return str(_("这个密码太常见，请换一个。"))
    if len(name) > 1 and name in plain and len(plain) - len(name) < SHORTEST:
        return str(_("密码不要由姓名加几个字符组成。"))
    return None


def hash_password(password: str, cost: Cost) -> str:
    """Return the argon2id hash to keep."""
    with anywhere():
        return _hasher(cost).hash(_plain(password))


def is_right(kept: str | None, password: str, cost: Cost) -> bool:
    """Say whether `password` matches the hash; without one, spend the same time and say no."""
    if len(password) > LONGEST:
        password, kept = "", None
    try:
        with anywhere():
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
