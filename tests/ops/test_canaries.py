"""Secrets are in no answer, no log, no export and not in the database: canaries would show."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import actions
from app.accounts.invitation import Newcomer
from app.base.db import db
from app.ops.actions import make_backup
from app.web.journal import WRITER, Lines, logger
from tests.accounts.oidc_provider import CLIENT, Provider, serve
from tests.accounts.test_factors import enrol
from tests.conftest import PASSWORD, Cast, Clock
from tests.test_every_page import addresses

SITE = {
    "SECRET_KEY": "canary-site-key-5f1c",
    "METRICS_TOKEN": "canary-metrics-9b2e",
    "OIDC_CLIENT_SECRET": "canary-client-7d3a",
}
NEW = "canary new pass phrase 六月"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, by whomever."""
    told, root = io.StringIO(), logging.getLogger()
    written = WRITER.setStream(told)  # type: ignore[arg-type]
    handler = logging.StreamHandler(told)
    handler.setFormatter(Lines())
    for one in (logger, root):
        one.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield told
    WRITER.setStream(written)  # type: ignore[arg-type]
    root.setLevel(level)
    for one in (logger, root):
        one.removeHandler(handler)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The organisation's own sign-in."""
    with serve() as running:
        yield running


def failing() -> str:
    """Fail with a message that quotes every secret of the site."""
    raise RuntimeError(" ".join(SITE.values()))


failing.permission = "public"  # type: ignore[attr-defined]


def live_through(site: Cast, provider: Provider, clock: Clock) -> tuple[FlaskClient, set[str]]:
    """Let somebody meet every secret there is; return their browser and the secrets."""
    secrets = {*SITE.values(), PASSWORD, NEW}
    [invited] = actions.invite_people([Newcomer("新人", "13900000001", 1)], None, clock())
    assert invited.token
    secrets |= {invited.token.partition(".")[2]}
    client = site.sign_in("总管")
    client.post(f"/invite/{invited.token}", data={"password": NEW, "again": "x"})
    client = site.sign_in("总管")
    client.post("/account", data={"old": PASSWORD, "password": NEW, "again": NEW})
    app, codes = enrol(client, clock)
    secrets |= {app.secret, *codes, *(code.replace("-", "") for code in codes)}
    secrets |= through_organisation(site, provider)
    cookie = client.get_cookie("session")
    assert cookie
    with client.session_transaction() as kept:
        secrets |= {cookie.value, kept["_user_id"].partition(".")[2]}
    return client, secrets


def through_organisation(site: Cast, provider: Provider) -> set[str]:
    """Sign in there and fail here; return what was passed between the two."""
    client = site.app.test_client()
    reply = client.get("/sign-in/organisation")
    asked = dict(parse_qsl(urlsplit(reply.location).query))
    provider.person = {"sub": "s", "email": "nobody@example.cn", "email_verified": True}
    back = urlsplit(provider.authorize(asked))
    assert client.get(f"{back.path}?{back.query}").status_code == 422
    return {asked["state"], asked["nonce"], dict(parse_qsl(back.query))["code"]}


def answers(site: Cast, client: FlaskClient) -> Iterator[tuple[str, bytes]]:
    """Yield every answer to a GET: pages, exports, files, metrics, and an unforeseen error."""
    for endpoint, address in addresses(site.app):
        yield endpoint, client.get(address).data
    site.app.testing = False
    site.app.view_functions["web.live"] = failing
    reply = client.get("/livez")
    assert reply.status_code == 500
    yield "error", reply.data


def test_no_secret_leaves_the_site(
    bank: Flask, cast: Cast, clock: Clock, provider: Provider, lines: io.StringIO, tmp_path: Path
) -> None:
    bank.config.update(SITE, ORIGIN="https://xueji.example")
    bank.config.update(OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID=CLIENT)
    cast.make_unit("A")
    cast.make_member("总管", role="admin")
    client, secrets = live_through(cast, provider, clock)
    assert len(secrets) > 20
    for where, body in answers(cast, client):
        found = {secret for secret in secrets if secret.encode() in body}
        # The page that sets an app up shows this session's own offer, which is another by now.
        assert found == set(), where
    written = lines.getvalue()
    assert written.count("request") > 20
    assert {secret for secret in secrets if secret in written} == set()
    stored = everything_stored(tmp_path, clock)
    assert {secret for secret in secrets if secret.encode() in stored} == set()


def everything_stored(folder: Path, clock: Clock) -> bytes:
    """Return all bytes that a copy of the database holds; as JSON where it is PostgreSQL."""
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        rows: list[Any] = []
        for table in db.metadata.sorted_tables:
            rows += [dict(row) for row in db.session.execute(table.select()).mappings()]
        return json.dumps(rows, default=str).encode()
    make_backup(clock(), 3)
    return b"".join(path.read_bytes() for path in (folder / "backups").rglob("*") if path.is_file())


def test_the_check_would_find_them(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("CREATE TABLE t (v TEXT)")
        connection.execute("INSERT INTO t VALUES (?)", (SITE["SECRET_KEY"],))
        connection.commit()
    assert SITE["SECRET_KEY"].encode() in (tmp_path / "x.db").read_bytes()
