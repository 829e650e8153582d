"""Tables of people, their sessions, second factors, invitations and failed sign-ins.

Secrets are never kept: sessions, invitations, recovery codes and the set-up link are stored as
SHA-256; the secret of an authenticator app, which must be read again, is kept sealed.
"""

from typing import Annotated

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db

Moment = Annotated[int, mapped_column(BigInteger)]
OwnerId = Annotated[
    int, mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True)
]
Hash = Annotated[str, mapped_column(String(64), primary_key=True)]


class User(db.Model):
    """A person; without a password they have been invited but never came."""

    __tablename__ = "accounts_user"
    __table_args__ = (
        Index("ix_accounts_user_unit_id_name", "unit_id", "name"),
        Index("ix_accounts_user_unit_id_disabled_at", "unit_id", "disabled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), index=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    language: Mapped[str] = mapped_column(String(5), default="zh")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    text_size: Mapped[int] = mapped_column(default=18)
    shortcuts: Mapped[bool] = mapped_column(default=True)


class Session(db.Model):
    """A browser that came in; `token_hash` covers the whole token, the user's id included.

    While it is `waiting`, the password was right and the second factor is still to be shown.
    """

    __tablename__ = "accounts_session"

    user_id: Mapped[OwnerId]
    token_hash: Mapped[Hash]
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    agent: Mapped[str] = mapped_column(String(200), default="")
    waiting: Mapped[bool] = mapped_column(default=False, server_default=false())
    second: Mapped[bool] = mapped_column(default=False, server_default=false())  # was it shown?
    proved_at: Mapped[int | None] = mapped_column(BigInteger)  # when the person last proved it


class Authenticator(db.Model):
    """An app that makes codes; `step` is that of the newest code used, so that none works twice."""

    __tablename__ = "accounts_authenticator"

    user_id: Mapped[OwnerId]
    sealed: Mapped[str] = mapped_column(String(200))
    step: Mapped[Moment]
    created_at: Mapped[Moment]


class Passkey(db.Model):
    """A key that a phone, a computer or a stick holds for the person; only its public half."""

    __tablename__ = "accounts_passkey"

    user_id: Mapped[OwnerId]
    credential_id: Mapped[str] = mapped_column(String(1400), primary_key=True)
    public_key: Mapped[str] = mapped_column(Text)
    uses: Mapped[Moment]  # as the key itself counts them, 0 when it does not
    name: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Moment]
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(db.Model):
    """A code for the day the second factor is lost; it works once."""

    __tablename__ = "accounts_recovery_code"

    user_id: Mapped[OwnerId]
    code_hash: Mapped[Hash]
    created_at: Mapped[Moment]


class Handshake(db.Model):
    """What the site must remember while a browser fetches a proof; used once, for minutes."""

    __tablename__ = "accounts_handshake"

    key_hash: Mapped[Hash]
    purpose: Mapped[str] = mapped_column(String(20))
    kept: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[Moment]


class Identity(db.Model):
    """By what name the organisation's own sign-in knows a person, and, once seen, its own id."""

    __tablename__ = "accounts_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[OwnerId]
    identifier: Mapped[str] = mapped_column(String(200), unique=True)
    issuer: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(255))
    linked_at: Mapped[int | None] = mapped_column(BigInteger)


class Invite(db.Model):
    """A link that lets a person set their own password, once."""

    __tablename__ = "accounts_invite"

    user_id: Mapped[OwnerId]
    token_hash: Mapped[Hash]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[int | None] = mapped_column(BigInteger)
    created_by: Mapped[int | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )


class Throttle(db.Model):
    """Sign-in tries of one account or one address in the window begun at `started_at`."""

    __tablename__ = "accounts_throttle"

    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int]
    started_at: Mapped[Moment]


class Setup(db.Model):
    """The link by which the first administrator comes in; at most one row."""

    __tablename__ = "accounts_setup"

    token_hash: Mapped[Hash]
    created_at: Mapped[Moment]


class Tombstone(db.Model):
    """A person who was erased: nothing but that their id is not given again."""

    __tablename__ = "accounts_tombstone"

    id_hash: Mapped[Hash]
    erased_at: Mapped[Moment]
