"""Writes about second factors: setting them up, showing them, taking them away."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from app.accounts import codes, limits, passkeys, passwords, queries
from app.accounts.actions.sessions import count_try, end_sessions, end_token, start_session
from app.accounts.models import Authenticator, Passkey, RecoveryCode, Session, Throttle, User
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid
from app.base.ids import digest
from app.base.sealing import seal, unseal

MOST_KEYS = 10  # of one person
SEALED = "second factor"  # what the seal of an app's secret is for


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows to prove who they are; the challenge is what the site had asked."""

    code: str = ""
    credential: str = ""
    challenge: bytes = b""
    password: str = ""


def finish_sign_in(token: str, shown: Shown, agent: str, now: datetime) -> str:
    """Return the token of a whole session for one that waited; the waiting one is over."""
    owner = queries.find_waiting(token, now)
    if owner is None:
        raise Invalid(_("登录等得太久了，请重新登录。"))
    bucket = _count(owner, now)
    with transaction() as database:
        _use_factor(database, owner, shown, now)
        if not end_token(database, token):
            raise Invalid(_("登录等得太久了，请重新登录。"))
        database.execute(delete(Throttle).where(Throttle.bucket == bucket))
        return start_session(database, owner, agent, now, second=True)


def sign_in_with_key(shown: Shown, old_token: str | None, agent: str, now: datetime) -> str:
    """Return the token of a session for whoever shows a key that knows its owner by itself."""
    named = passkeys.name_in(shown.credential)
    if named is None or not named[1]:
        raise Invalid(_unknown_key())
    user_id = named[1]
    bucket = _count(user_id, now)
    with transaction() as database:
        user = database.get(User, user_id)
        if user is None or user.disabled_at is not None:
            raise Invalid(_unknown_key())
        _use_key(database, user_id, shown, now, alone=True)
        end_token(database, old_token)
        database.execute(delete(Throttle).where(Throttle.bucket == bucket))
        return start_session(database, user_id, agent, now, second=True)


def confirm_person(viewer: queries.Viewer, shown: Shown, agent: str, now: datetime) -> str:
    """Return the token of a new session in which dangerous acts are open for a while.

    Who has a second factor shows it; who has none gives the password again.
    """
    bucket, factor = _count(viewer.id, now), queries.has_factor(viewer.id)
    if not factor:
        _check_password(viewer.id, shown.password)
    with transaction() as database:
        if factor:
            _use_factor(database, viewer.id, shown, now)
        if not end_token(database, viewer.token):
            raise Invalid(_("登录已经过期，请重新登录。"))
        database.execute(delete(Throttle).where(Throttle.bucket == bucket))
        return start_session(database, viewer.id, agent, now, second=factor)


def add_authenticator(viewer: queries.Viewer, code: str, agent: str, now: datetime) -> "Enrolled":
    """Keep the app whose code was typed from what this session was offered."""
    secret: str = current_app.config["SECRET_KEY"]
    offered = codes.secret_for(viewer.token, secret)
    _count(viewer.id, now)
    step = codes.find_step(offered, codes.plain(code), now)
    if step is None:
        raise Invalid(_wrong_code(), code=_wrong_code())
    with transaction() as database:
        row = Authenticator(
            user_id=viewer.id,
            sealed=seal(offered, SEALED, str(viewer.id), secret),
            step=step,
            created_at=epoch(now),
        )
        database.merge(row)
        return _enrol(database, viewer, "app", agent, now)


def add_passkey(
    viewer: queries.Viewer, shown: Shown, name: str, agent: str, now: datetime
) -> "Enrolled":
    """Keep a key that this browser made for the challenge."""
    origin: str = current_app.config["ORIGIN"]
    made = passkeys.read_new(shown.credential, origin, shown.challenge)
    if made is None:
        raise Invalid(_("没有添加成功，请再试一次。"))
    if len(queries.list_keys(viewer.id)) >= MOST_KEYS:
        raise Invalid(_("最多 %(n)s 把通行密钥，请先删去不用的。", n=MOST_KEYS))
    with transaction() as database:
        if database.get(Passkey, (viewer.id, made.credential_id)):
            raise Invalid(_("没有添加成功，请再试一次。"))
        database.add(
            Passkey(
                user_id=viewer.id,
                credential_id=made.credential_id,
                public_key=made.public_key,
                uses=made.uses,
                name=name,
                created_at=epoch(now),
            )
        )
        return _enrol(database, viewer, "passkey", agent, now)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The token of the session to go on in, and recovery codes when there are new ones."""

    token: str
    recovery: tuple[str, ...]


def _enrol(
    database: Database, viewer: queries.Viewer, kind: str, agent: str, now: datetime
) -> Enrolled:
    """Record the new factor, end all other sessions, and give recovery codes if there are none."""
    database.flush()
    told, subject = {"factor": kind}, f"user:{viewer.id}"
    record(database, now, viewer.id, "accounts.add_factor", subject, viewer.id, told)
    database.execute(delete(Throttle).where(Throttle.bucket == f"factor:{viewer.id}"))
    has_codes = queries.find_factors(viewer.id).recovery_left > 0
    recovery = () if has_codes else _new_codes(database, viewer.id, now)
    end_sessions(database, viewer.id)
    return Enrolled(start_session(database, viewer.id, agent, now, second=True), recovery)


def renew_recovery(viewer: queries.Viewer, now: datetime) -> tuple[str, ...]:
    """Return new recovery codes; the old ones die."""
    if not queries.has_factor(viewer.id):
        raise Invalid(_("请先设置验证器应用或通行密钥。"))
    with transaction() as database:
        subject = f"user:{viewer.id}"
        record(database, now, viewer.id, "accounts.renew_recovery", subject, viewer.id)
        return _new_codes(database, viewer.id, now)


def _new_codes(database: Database, user_id: int, now: datetime) -> tuple[str, ...]:
    database.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    fresh = tuple(codes.new_recovery_code() for _n in range(codes.RECOVERY))
    for code in fresh:
        kept = digest(codes.plain(code))
        database.add(RecoveryCode(user_id=user_id, code_hash=kept, created_at=epoch(now)))
    return fresh


def remove_authenticator(viewer: queries.Viewer, now: datetime) -> None:
    """Take the app away."""
    with transaction() as database:
        database.execute(delete(Authenticator).where(Authenticator.user_id == viewer.id))
        _removed(database, viewer, "app", now)


def remove_passkey(viewer: queries.Viewer, key: str, now: datetime) -> None:
    """Take one of one's own keys away, named by the hash of its id."""
    with transaction() as database:
        for row in database.scalars(select(Passkey).where(Passkey.user_id == viewer.id)):
            if digest(row.credential_id) == key:
                database.delete(row)
                database.flush()
                _removed(database, viewer, "passkey", now)


def _removed(database: Database, viewer: queries.Viewer, kind: str, now: datetime) -> None:
    told, subject = {"factor": kind}, f"user:{viewer.id}"
    record(database, now, viewer.id, "accounts.remove_factor", subject, viewer.id, told)
    if not queries.has_factor(viewer.id):
        forget_factors(database, viewer.id)


def forget_factors(database: Database, user_id: int) -> None:
    """Take every second factor away inside a transaction that tells why."""
    for table in (Authenticator, Passkey, RecoveryCode):
        database.execute(delete(table).where(table.user_id == user_id))
    database.execute(delete(Throttle).where(Throttle.bucket == f"factor:{user_id}"))
    mine = update(Session).where(Session.user_id == user_id)
    database.execute(mine.values(second=False))


def reset_factors(user_id: int, by: int | None, now: datetime) -> None:
    """Take away what a person lost, and sign them out everywhere."""
    with transaction() as database:
        forget_factors(database, user_id)
        end_sessions(database, user_id)
        record(database, now, by, "accounts.reset_factors", f"user:{user_id}", user_id)


def _count(user_id: int, now: datetime) -> str:
    """Count a try before looking at it, and return what it is counted under."""
    bucket = f"factor:{user_id}"
    count_try({bucket: limits.PER_FACTOR}, epoch(now))
    return bucket


def _check_password(user_id: int, password: str) -> None:
    kept = queries.get_credentials(user_id).password_hash
    if not passwords.is_right(kept, password, current_app.config["PASSWORD_COST"]):
        raise Invalid(_("密码不对。"), password=_("密码不对。"))


def _use_factor(database: Database, user_id: int, shown: Shown, now: datetime) -> None:
    """Use one factor up inside a transaction that is already open; raise Invalid."""
    if shown.credential:
        return _use_key(database, user_id, shown, now, alone=False)
    code = codes.plain(shown.code)
    used = _use_recovery if codes.is_recovery(code) else _use_code
    if not used(database, user_id, code, now):
        raise Invalid(_wrong_code(), code=_wrong_code())


def _use_code(database: Database, user_id: int, code: str, now: datetime) -> bool:
    query = select(Authenticator).where(Authenticator.user_id == user_id).with_for_update()
    row = database.scalars(query).first()
    if row is None:
        return False
    key: str = current_app.config["SECRET_KEY"]
    secret = unseal(row.sealed, SEALED, str(user_id), key)
    step = codes.find_step(secret, code, now) if secret else None
    if step is None or step <= row.step:  # a code that was looked over somebody's shoulder
        return False
    row.step = step
    return True


def _use_recovery(database: Database, user_id: int, code: str, now: datetime) -> bool:
    mine = RecoveryCode.user_id == user_id, RecoveryCode.code_hash == digest(code)
    if not database.execute(delete(RecoveryCode).where(*mine)).rowcount:  # type: ignore[attr-defined]
        return False
    record(database, now, user_id, "accounts.use_recovery", f"user:{user_id}", user_id)
    return True


def _use_key(database: Database, user_id: int, shown: Shown, now: datetime, alone: bool) -> None:
    named = passkeys.name_in(shown.credential)
    row = database.get(Passkey, (user_id, named[0]), with_for_update=True) if named else None
    if row is None:
        raise Invalid(_unknown_key())
    known = passkeys.KnownKey(row.credential_id, row.public_key, row.uses)
    origin: str = current_app.config["ORIGIN"]
    uses = passkeys.uses_shown(shown.credential, known, origin, shown.challenge, alone)
    if uses is None:
        raise Invalid(_unknown_key())
    row.uses, row.used_at = uses, epoch(now)


def _wrong_code() -> str:
    return str(_("验证码不对、已经用过或已过期。请等下一个再试。"))


def _unknown_key() -> str:
    return str(_("这把通行密钥没有通过。请再试，或换一种方式。"))
