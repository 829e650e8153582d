"""Tables of decks on their way: links to fetch one by, and files waiting to be confirmed."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.db import db


class LinkRow(db.Model):
    """A link by which a member's deck can be fetched once; of the secret only its SHA-256 is kept.

    `wanted` says which deck, and nothing else can be had with it.
    """

    __tablename__ = "anki_link"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    wanted: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class ArrivalRow(db.Model):
    """What was read of a member's file, until it is confirmed; a further file takes its place.

    `content` is the JSON of reading.Found: reviews of our cards only, never the file.
    """

    __tablename__ = "anki_arrival"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(22))
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
