"""A person to be invited, and what became of it."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Newcomer:
    """A person to be invited; name and phone already read by `names`."""

    name: str
    phone: str | None
    unit_id: int | None
    role: str = "member"


@dataclass(frozen=True)
class Invited:
    """What became of a newcomer: a token, or (already known, or refused) none and why."""

    newcomer: Newcomer
    user_id: int | None = None
    token: str | None = None
    refused: str | None = None


def gone() -> str:
    """Return what to say about a link that is used up, too old or was never made."""
    return str(_("这个链接已经用过或过期，请向党务工作者要一个新的。"))
