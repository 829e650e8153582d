"""Writes about signing in by way of the organisation's own service; nobody is ever added here."""

import logging
from collections.abc import Mapping
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session as Database

from app.accounts import proof, provider, queries
from app.accounts.actions.handshakes import begin_handshake, take_handshake
from app.accounts.actions.sessions import end_token, start_session
from app.accounts.models import Identity
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid

PURPOSE = "organisation"
LONGEST = 200  # characters of a name at the organisation
logger = logging.getLogger("app")


def begin_with_organisation(
    settings: provider.Settings, target: str | None, address: str, now: datetime
) -> tuple[str, str]:
    """Return where to send the browser, and the key it holds until it is back."""
    try:
        where, kept = provider.begin(settings)
    except provider.NotVouched as error:
        raise _refusal(error) from error
    kept["target"] = target or ""
    return where, begin_handshake(PURPOSE, kept, address, proof.LONGEST_HANDSHAKE, now)


def finish_with_organisation(
    settings: provider.Settings,
    key: str,
    returned: Mapping[str, str],
    old_token: str | None,
    agent: str,
    now: datetime,
) -> tuple[str, str]:
    """Return the token of a session for whom the service vouches, and where they wanted to go."""
    kept = take_handshake(key, PURPOSE, now)
    if kept is None:
        raise Invalid(_("登录等得太久了，请重新登录。"))
    try:
        vouched = provider.finish(settings, kept, returned, now)
    except provider.NotVouched as error:
        raise _refusal(error) from error
    with transaction() as database:
        found = queries.find_identified(vouched.issuer, vouched.subject, vouched.identifier)
        if found is None:
            raise Invalid(_("单位账号登录成功，但这里没有登记这个账号。请联系管理员。"))
        _link(database, found, vouched, now)
        end_token(database, old_token)
        return start_session(database, found, agent, now), kept["target"]


def _link(database: Database, user_id: int, vouched: provider.Vouched, now: datetime) -> None:
    """Remember the service's own id at the first sign-in; names may go to somebody else later."""
    row = database.get_one(Identity, user_id)
    if row.subject is None:
        row.issuer, row.subject, row.linked_at = vouched.issuer, vouched.subject, epoch(now)
        record(database, now, user_id, "accounts.link_identity", f"user:{user_id}", user_id)


def name_identity(user_id: int, text: str, by: int | None, now: datetime) -> None:
    """Say by what name the organisation knows a person, or, with nothing, that it does not."""
    name = provider.fold_identifier(text, current_app.config["OIDC_CLAIM"] or "email")
    if len(name) > LONGEST:
        raise Invalid(_("太长了。"), identifier=_("太长了。"))
    with transaction() as database:
        row = database.get(Identity, user_id)
        if (row.identifier if row else "") == name:
            return
        taken = exists().where(Identity.identifier == name, Identity.user_id != user_id)
        if name and database.scalar(select(taken)):
            raise Invalid(_("这个账号已登记给别人。"), identifier=_("这个账号已登记给别人。"))
        if row:
            database.delete(row)
            database.flush()
        if name:
            database.add(Identity(user_id=user_id, identifier=name))
        record(database, now, by, "accounts.name_identity", f"user:{user_id}", user_id)


def _refusal(error: provider.NotVouched) -> Invalid:
    """Tell the journal why, and people only that it did not work."""
    logger.warning("organisation sign-in refused", extra={"fields": {"why": str(error)}})
    return Invalid(_("单位账号登录没有成功，请再试，或用密码登录。"))
