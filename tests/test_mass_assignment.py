"""Posting every column of every table to a form changes what the form lists, and nothing else."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.bank.queries import list_question_ids
from app.base.db import db
from tests.conftest import PASSWORD, Cast, Clock
from tests.test_permissions import ALLOWED, MATRIX
from tests.web.test_headers import posts

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
# What a request may write besides what its form lists: acts on record, tries, one's own session.
ALWAYS = {"base_audit", "accounts_throttle", "accounts_handshake"}


def everything() -> Rows:
    """Return every row of every table by its key."""
    db.session.rollback()
    found: Rows = {}
    for name, table in db.metadata.tables.items():
        keys = [column.name for column in table.primary_key.columns]
        rows = (dict(row) for row in db.session.execute(select(table)).mappings())
        found[name] = {tuple(row[key] for key in keys): row for row in rows}
    return found


def changed(before: Rows, after: Rows) -> dict[str, set[str]]:
    """Return table → columns that changed, "+" for a new row and "-" for one that is gone."""
    found: dict[str, set[str]] = {}
    for name in before:
        old, new = before[name], after[name]
        columns = {"+" for key in new if key not in old} | {"-" for key in old if key not in new}
        for key in old.keys() & new.keys():
            columns |= {column for column in old[key] if old[key][column] != new[key][column]}
        if columns:
            found[name] = columns
    return found


def touched(before: Rows, after: Rows, own: int) -> list[tuple[str, Any]]:
    """Return the rows that changed or came and are not the sender's own; nobody's person is."""
    found = []
    for name in before.keys() - ALWAYS:
        old, new = before[name], after[name]
        for key in old.keys() | new.keys():
            row = new.get(key) or old[key]
            theirs = row.get("member_id", row.get("user_id")) != own
            if old.get(key) != new.get(key) and (theirs or name == "accounts_user"):
                found.append((name, key))
    return found


def every_column(app: Flask) -> dict[str, str]:
    """Return a value for the name of every column, such as somebody who wants more would send."""
    wanted = {"role": "admin", "unit_id": "1", "user_id": "1", "member_id": "1", "id": "1"}
    wanted |= {"password_hash": "x", "disabled_at": "", "name": "改了", "phone": "13800000000"}
    names = {column.name for table in db.metadata.tables.values() for column in table.columns}
    return {name: wanted.get(name, "1") for name in sorted(names)}


@pytest.fixture
def site(bank: Flask, cast: Cast) -> Cast:
    """Two units with a person of each role in the first and a member in the second."""
    cast.make_unit("A")
    cast.make_unit("B", "A")
    for role in ("member", "trainer", "editor", "auditor", "admin"):
        cast.make_member(role, role=role, unit="A")
    cast.make_member("他", unit="B")
    return cast


@pytest.mark.once
@pytest.mark.parametrize("role", ["member", "editor", "auditor"])
def test_no_form_takes_columns_it_does_not_list(site: Cast, role: str) -> None:
    client, body, tried = site.sign_in(role), every_column(site.app), 0
    assert len(body) > 60
    for endpoint, address in posts(site.app):
        if role not in ALLOWED[MATRIX[endpoint]]:
            continue
        before = everything()
        client.post(address, data=body)
        assert touched(before, everything(), site.people[role]) == [], endpoint
        tried += 1
    assert tried >= 15


@dataclass(frozen=True)
class Form:
    """A form filled in rightly: by whom, where, with what, and the columns it lists."""

    who: str
    address: str
    data: dict[str, str]
    lists: dict[str, set[str]]


def forms(site: Cast) -> list[Form]:
    """Return forms that are taken, of every room that writes."""
    question, whom = list_question_ids()[0], site.people["他"]
    page = site.sign_in("trainer").get(f"/people/{whom}/edit").text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen
    fresh = "another pass phrase"
    unit = str(site.units["B"])
    person = {"name": "新名", "phone": "", "unit": unit, "status": "full", "standing": "exempt"}
    return [
        Form(
            "member",
            "/settings",
            {"text_size": "26", "theme": "dark", "language": "en"},
            {"accounts_user": {"text_size", "theme", "language", "shortcuts"}},
        ),
        Form(
            "member",
            "/study/settings",
            {"new_per_day": "7", "answers_per_day": "70", "subject": ""},
            {"study_setting": {"+"}},
        ),
        Form(
            "member",
            f"/study/cards/{question}/note",
            {"text": "记", "way": "due", "answer_id": ""},
            {"study_note": {"+"}},
        ),
        Form(
            "member",
            f"/questions/{question}/report",
            {"text": "错字", "next": ""},
            {"bank_report": {"+"}},
        ),
        Form(
            "trainer",
            f"/people/{whom}/edit",
            {**person, "seen": seen[1]},
            {"accounts_user": {"name"}, "org_profile": {"+"}},
        ),
        Form(
            "trainer",
            "/people/invite",
            {"name": "新来", "unit": unit, "status": "full", "role": "member"},
            {"accounts_user": {"+"}, "accounts_invite": {"+"}, "org_profile": {"+"}},
        ),
        Form(
            "admin",
            f"/units/{site.units['B']}/rename",
            {"name": "新名", "kind": "党小组"},
            {"org_unit": {"name", "kind"}},
        ),
        Form(
            "member",
            "/account",
            {"old": PASSWORD, "password": fresh, "again": fresh},
            {"accounts_user": {"password_hash"}, "accounts_session": {"+", "-"}},
        ),
    ]


# What new rows must say whatever was sent along.
OWN = {
    "bank_report": {"state": "open", "reply": None, "replied_by": None},
    "accounts_user": {"role": "member", "password_hash": None, "disabled_at": None},
    "accounts_invite": {"used_at": None},
}


def test_forms_that_are_taken_take_only_what_they_list(site: Cast, clock: Clock) -> None:
    extra = every_column(site.app)
    for form in forms(site):
        client = site.sign_in(form.who)
        before = everything()
        reply = client.post(form.address, data={**extra, **form.data})
        assert reply.status_code in (200, 302), (form.address, reply.status_code)
        after = everything()
        found = {n: c for n, c in changed(before, after).items() if n not in ALWAYS}
        if form.address != "/account":
            found.pop("accounts_session", None)
        for table, columns in found.items():
            assert columns <= form.lists.get(table, set()), (form.address, table, columns)
        assert set(form.lists) <= set(found), form.address
        check_new_rows(site, form, before, after)


def check_new_rows(site: Cast, form: Form, before: Rows, after: Rows) -> None:
    """See that new rows belong to who sent them and say what the site decides."""
    for table, rows in after.items():
        for key, row in rows.items():
            if key in before[table] or table in ALWAYS:
                continue
            owner = row.get("member_id", row.get("user_id"))
            if form.who == "member" and owner is not None:
                assert owner == site.people["member"], (form.address, table)
            for column, value in OWN.get(table, {}).items():
                assert row.get(column) == value, (form.address, table, column)


def test_the_check_finds_a_form_that_takes_too_much(site: Cast) -> None:
    before = everything()
    people = db.metadata.tables["accounts_user"]
    db.session.execute(people.update().where(people.c.name == "他").values(role="admin"))
    db.session.commit()
    assert changed(before, everything()) == {"accounts_user": {"role"}}
    for name in ("他", "member"):
        own = site.people[name]
        assert touched(before, everything(), own) == [("accounts_user", (site.people["他"],))]
