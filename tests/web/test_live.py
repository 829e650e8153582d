"""The process answers that it is alive without asking the database."""

import pytest
from flask.testing import FlaskClient

from app.base.db import db


def test_alive_without_a_database(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_words: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(db.session, "execute", fail)
    monkeypatch.setattr(db.session, "get", fail)
    reply = client.get("/livez")
    assert (reply.status_code, reply.data) == (200, b"ok\n")
