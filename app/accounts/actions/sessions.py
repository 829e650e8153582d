"""Writes about sessions: signing in under limits, signing out, and knowing the browser again."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session as Database

from app.accounts import limits, names, passwords, proof, queries
from app.accounts.models import Session, Throttle, User
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, TooMany
from app.base.ids import digest, new_token

LIFETIME = timedelta(days=60)

_OPEN_BUCKET = text(  # two workers may both find a bucket missing
    "INSERT INTO accounts_throttle (bucket, tries, started_at) VALUES (:bucket, 0, :at)"
    " ON CONFLICT (bucket) DO NOTHING"
)


def sign_in(
    login: str, password: str, address: str, agent: str, old_token: str | None, now: datetime
) -> str:
    """Return the token of a new session; raise Invalid (one answer for all causes) or TooMany.

    The try is counted before the password is looked at, so that parallel guesses cannot slip by.
    """
    found = queries.find_credentials(login)
    whose = f"account:{found.user_id}" if found else login_bucket(login)
    where = "address:" + limits.network(address)
    count_try({whose: limits.PER_ACCOUNT, where: limits.PER_ADDRESS}, epoch(now))
    cost = current_app.config["PASSWORD_COST"]
    kept = found.password_hash if found else None
    if not passwords.is_right(kept, password, cost) or found is None:
        raise Invalid(_wrong())
    fresh = passwords.hash_password(password, cost) if _is_old(found, cost) else None
    return _open(found, fresh, whose, where, agent, old_token, now)


def _wrong() -> str:
    return str(_("姓名（手机号）或密码不对。如有重名，请用手机号登录。"))


def login_bucket(login: str) -> str:
    """Return what tries with a name or phone that nobody signs in with are counted under."""
    return "login:" + digest(names.find_phone(login) or names.fold(login))


def _is_old(found: queries.Credentials, cost: passwords.Cost) -> bool:
    return passwords.is_outdated(found.password_hash, cost)


def _open(
    found: queries.Credentials,
    fresh: str | None,
    whose: str,
    where: str,
    agent: str,
    old_token: str | None,
    now: datetime,
) -> str:
    """Start the session unless the password changed meanwhile; give back the counted try."""
    with transaction() as database:
        user = database.get(User, found.user_id)
        if user is None or user.disabled_at or user.password_hash != found.password_hash:
            raise Invalid(_wrong())
        user.password_hash = fresh or user.password_hash
        database.execute(delete(Throttle).where(Throttle.bucket == whose))
        database.execute(
            update(Throttle)
            .where(Throttle.bucket == where, Throttle.tries > 0)
            .values(tries=Throttle.tries - 1)
        )
        end_token(database, old_token)
        return start_session(database, user.id, agent, now)


def count_try(most: dict[str, int], at: int) -> None:
    """Add one try to each bucket; raise TooMany, adding nothing, when one of them is full."""
    with transaction() as database:
        database.execute(delete(Throttle).where(Throttle.started_at <= at - limits.WINDOW))
        for bucket, limit in most.items():
            database.execute(_OPEN_BUCKET, {"bucket": bucket, "at": at})
            row = database.get_one(Throttle, bucket, with_for_update=True)
            if row.tries >= limit:
                minutes = limits.minutes_left(row.started_at, at)
                raise TooMany(_("尝试次数过多，请 %(n)s 分钟后再试。", n=minutes))
            row.tries += 1
            database.flush()


def start_session(
    database: Database, user_id: int, agent: str, now: datetime, second: bool = False
) -> str:
    """Add a session inside a transaction that is already open and return its token.

    Unless a second factor was shown, the session of somebody who has one waits for it.
    """
    token, at = f"{user_id}.{new_token()}", epoch(now)
    waiting = not second and queries.has_factor(user_id)
    database.execute(delete(Session).where(Session.user_id == user_id, Session.expires_at <= at))
    database.add(
        Session(
            user_id=user_id,
            token_hash=digest(token),
            created_at=at,
            seen_at=at,
            expires_at=at + proof.WAITING if waiting else epoch(now + LIFETIME),
            agent=agent[:200],
            waiting=waiting,
            second=second,
            proved_at=None if waiting else at,
        )
    )
    return token


def end_token(database: Database, token: str | None) -> bool:
    """End one session inside a transaction that is already open; say whether it was there."""
    owner = queries.owner_of(token) if token else None
    if not token or owner is None:
        return False
    gone = delete(Session).where(Session.user_id == owner, Session.token_hash == digest(token))
    return bool(database.execute(gone).rowcount)  # type: ignore[attr-defined]


def end_sessions(database: Database, user_id: int) -> None:
    """End all sessions of the person inside a transaction that is already open."""
    database.execute(delete(Session).where(Session.user_id == user_id))


def end_session(token: str) -> None:
    """Sign a browser out: a copy of its cookie is worth nothing from now on."""
    with transaction() as database:
        end_token(database, token)


def end_device(user_id: int, key: str) -> None:
    """Sign out one of the person's own browsers, named by the hash of its token."""
    with transaction() as database:
        database.execute(
            delete(Session).where(Session.user_id == user_id, Session.token_hash == key)
        )


def touch_session(token: str, now: datetime) -> None:
    """Note that the browser was used; the caller does so at most once a day."""
    owner = queries.owner_of(token)
    with transaction() as database:
        database.execute(
            update(Session)
            .where(Session.user_id == owner, Session.token_hash == digest(token))
            .values(seen_at=epoch(now))
        )
