"""The deck to take along from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts.queries import find_by_login
from app.anki import queries
from app.anki.deck import Selection, build
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid, NotFound

group = AppGroup("anki", help="Decks for Anki.")


@group.command("export")
@click.option("--subject", help="The subject to export, e.g. dangzhang.")
@click.option("--marked", is_flag=True, help="The member's wrong and starred questions instead.")
@click.option("--member", help="Name or phone of the member.")
@click.option("--with-progress", is_flag=True, help="Memory, due dates and history of the member.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file.")
@json_option
@sentences
def export(
    subject: str | None,
    marked: bool,
    member: str | None,
    with_progress: bool,
    output: Path,
    as_json: bool,
) -> None:
    """Write an Anki package and print how much is in it."""
    member_id = _member_id(member, needed=marked or with_progress)
    deck = build(_selected(subject, marked, member_id, with_progress), clock.now())
    _write(output, deck.content)
    size = len(deck.content)
    counts = {"notes": deck.notes, "cards": deck.cards, "reviews": deck.reviews, "bytes": size}
    report(counts, as_json)


def _selected(
    subject: str | None, marked: bool, member_id: int | None, with_progress: bool
) -> Selection:
    """Return what the options ask for: a subject, or what the member marked."""
    if bool(subject) == marked:
        raise Invalid(_("请写 --subject 科目 或 --marked，二者选一。"))
    if subject:
        return queries.get_subject(subject, member_id, with_progress)
    assert member_id is not None
    return queries.get_marked(member_id, with_progress)


def _member_id(member: str | None, needed: bool) -> int | None:
    """Return whom the option means; refuse an unknown one, and none where one is needed."""
    if member is None:
        if needed:
            raise Invalid(_("请用 --member 写明是谁的进度、错题和收藏。"))
        return None
    person = find_by_login(member)
    if person is None:
        raise NotFound(_("没有找到“%(name)s”。", name=member))
    return person.id


def _write(path: Path, content: bytes) -> None:
    """Write the file, or say why it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        message = _("写不进 %(path)s（%(why)s），请换一个位置。", path=str(path), why=reason)
        raise Invalid(message) from error
