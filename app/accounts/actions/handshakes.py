"""Writes about handshakes: what the site keeps while a browser fetches a proof elsewhere."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import delete, select

from app.accounts import limits
from app.accounts.actions.sessions import count_try
from app.accounts.models import Handshake
from app.base.clock import epoch
from app.base.db import transaction
from app.base.ids import digest, new_token


def begin_handshake(
    purpose: str, kept: Mapping[str, str], address: str, seconds: int, now: datetime
) -> str:
    """Keep what must be remembered and return the key that the browser holds; raise TooMany."""
    count_try({"handshake:" + limits.network(address): limits.HANDSHAKES}, epoch(now))
    key = new_token()
    with transaction() as database:
        database.execute(delete(Handshake).where(Handshake.expires_at <= epoch(now)))
        database.add(
            Handshake(
                key_hash=digest(key),
                purpose=purpose,
                kept=msgspec.json.encode(dict(kept)).decode(),
                expires_at=epoch(now) + seconds,
            )
        )
    return key


def take_handshake(key: str, purpose: str, now: datetime) -> dict[str, str] | None:
    """Return what was kept under the key, once; None when it is over or was for something else."""
    with transaction() as database:
        query = select(Handshake).where(Handshake.key_hash == digest(key)).with_for_update()
        row = database.scalars(query).first()
        if row is None:
            return None
        database.delete(row)
        if row.purpose != purpose or row.expires_at <= epoch(now):
            return None
        return msgspec.json.decode(row.kept, type=dict[str, str])
