"""A link fetches one deck, once, within ten minutes; looking at it uses nothing up."""

import io
import re
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.actions import disable_user
from app.anki import actions
from app.anki.models import LinkRow
from app.anki.wanted import Wanted
from app.base.db import db
from app.base.errors import NotFound
from app.base.ids import digest
from tests.conftest import Cast, Clock

SUBJECT = Wanted(subject="dangzhang")


@pytest.fixture
def people(bank: Flask, cast: Cast) -> Cast:
    """A member and a trainer."""
    cast.make_unit("A")
    cast.make_member("甲", unit="A")
    cast.make_member("书记", role="trainer", unit="A")
    return cast


def ask(client: FlaskClient, **form: str) -> str:
    """Ask for a link and return its path."""
    reply = client.post("/anki/links", data=form)
    assert reply.status_code == 200, reply.text
    found = re.search(r"<code>http://localhost(/anki/links/[^<]+)</code>", reply.text)
    assert found
    assert 'src="data:image/svg' in reply.text
    return found[1]


def guids(content: bytes) -> set[str]:
    """Return the questions in a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        collection = archive.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(collection)
        return {guid for (guid,) in connection.execute("SELECT guid FROM notes")}


def test_a_link_is_fetched_elsewhere_once(people: Cast) -> None:
    path = ask(people.sign_in("甲"), deck="subject=dangzhang&chapter=ch1")
    stranger = people.app.test_client()
    for _look in range(3):  # chat programs look at links before people do
        assert "下载" in stranger.get(path).text
    reply = stranger.post(path)
    assert reply.mimetype == "application/apkg"
    assert "xueji-dangzhang-ch1-2026-11-23.apkg" in reply.headers["Content-Disposition"]
    assert guids(reply.data)
    for again in (stranger.post(path), stranger.get(path), people.sign_in("甲").post(path)):
        assert again.status_code == 404


def test_only_the_hash_is_kept_and_the_page_shows_the_link_once(people: Cast) -> None:
    client = people.sign_in("甲")
    path = ask(client, deck="subject=dangzhang", progress="1")
    token = path.rpartition("/")[2]
    (row,) = db.session.scalars(select(LinkRow))
    assert row.token_hash == digest(token)
    assert token.partition(".")[2] not in str(vars(row))
    assert (row.wanted, row.member_id) == ("subject=dangzhang&progress=1", people.people["甲"])
    assert token not in client.get("/anki").text


def test_a_link_runs_out(people: Cast, clock: Clock) -> None:
    path = ask(people.sign_in("甲"), deck="subject=dangzhang")
    clock.move(minutes=10, seconds=1)
    stranger = people.app.test_client()
    assert [stranger.get(path).status_code, stranger.post(path).status_code] == [404, 404]


@pytest.mark.parametrize("change", ["x", "9.", "", "1.short"])
def test_another_token_is_worth_nothing(people: Cast, change: str) -> None:
    path = ask(people.sign_in("甲"), deck="subject=dangzhang")
    wrong = "/anki/links/" + (change + path.rpartition("/")[2] if change != "1.short" else change)
    if change:
        assert people.app.test_client().post(wrong).status_code == 404
    assert people.app.test_client().post(path).status_code == 200


def test_of_many_at_once_one_gets_it(people: Cast, clock: Clock) -> None:
    token = actions.make_link(people.people["甲"], SUBJECT, clock())
    db.session.rollback()

    def fetch(_number: int) -> bool:
        with people.app.app_context():
            try:
                return actions.use_link(token, clock()) == (people.people["甲"], SUBJECT)
            except NotFound:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(fetch, range(8))) == 1


def test_too_many_open_links_are_refused(people: Cast, clock: Clock) -> None:
    client = people.sign_in("甲")
    for _n in range(actions.MOST_LINKS):
        actions.make_link(people.people["甲"], SUBJECT, clock())
    assert client.post("/anki/links", data={"deck": "subject=dangzhang"}).status_code == 429
    clock.move(minutes=11)
    ask(client, deck="subject=dangzhang")
    assert len(list(db.session.scalars(select(LinkRow)))) == 1


def test_a_closed_account_has_no_decks(people: Cast, clock: Clock) -> None:
    path = ask(people.sign_in("甲"), deck="subject=dangzhang")
    disable_user(people.people["甲"], clock())
    assert people.app.test_client().post(path).status_code == 404


@pytest.mark.parametrize(
    ("deck", "status"),
    [("subject=none", 404), ("", 422), ("shared=1", 404), ("marked=1", 422), ("paper=1", 404)],
)
def test_what_a_member_cannot_download_has_no_link(people: Cast, deck: str, status: int) -> None:
    assert people.sign_in("甲").post("/anki/links", data={"deck": deck}).status_code == status
    assert list(db.session.scalars(select(LinkRow))) == []


def test_trainers_send_the_whole_units_deck(people: Cast) -> None:
    path = ask(people.sign_in("书记"), deck="shared=1")
    assert len(guids(people.app.test_client().post(path).data)) == 12
