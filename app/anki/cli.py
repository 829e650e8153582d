"""The deck to take along from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.accounts.queries import find_by_login
from app.anki import actions, queries
from app.anki.deck import build
from app.anki.package import LARGEST
from app.anki.reading import read_safely
from app.anki.selection import Selection
from app.anki.wanted import Wanted
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.errors import Invalid, NotFound
from app.org.queries import find_unit
from app.quiz.queries import shelf_of

group = AppGroup("anki", help="Decks for Anki, and reviews that come home.")


@group.command("export")
@click.option("--subject", help="The subject to export, e.g. dangzhang.")
@click.option("--chapter", help="Only this chapter of the subject, e.g. ch1.")
@click.option("--paper", type=int, help="The questions of a practice paper instead.")
@click.option("--unit", help="Everything the people of this unit practise, for all of them.")
@click.option("--marked", is_flag=True, help="The member's wrong and starred questions instead.")
@click.option("--member", help="Name or phone of the member.")
@click.option("--with-progress", is_flag=True, help="Memory, due dates and history of the member.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file.")
@json_option
@sentences
def export(
    subject: str | None,
    chapter: str | None,
    paper: int | None,
    unit: str | None,
    marked: bool,
    member: str | None,
    with_progress: bool,
    output: Path,
    as_json: bool,
) -> None:
    """Write an Anki package and print how much is in it."""
    if sum(map(bool, (subject, paper, unit, marked))) != 1 or (chapter and not subject):
        raise Invalid(_("请写 --subject、--paper、--unit 或 --marked，只写一个。"))
    if unit:
        selection = queries.get_shared(_shelf_of(unit))
    else:
        needed = marked or with_progress or paper is not None
        wanted = Wanted(
            subject=subject or "",
            chapter=chapter or "",
            paper=paper or 0,
            marked=marked,
            progress=with_progress,
        )
        selection = _selected(_member_id(member, needed), wanted)
    deck = build(selection, clock.now())
    _write(output, deck.content)
    size = len(deck.content)
    counts = {"notes": deck.notes, "cards": deck.cards, "reviews": deck.reviews, "bytes": size}
    report(counts, as_json)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--member", required=True, help="Name or phone of the member whose reviews they are.")
@json_option
@sentences
def bring_home(file: Path, member: str, as_json: bool) -> None:
    """Join the reviews of an .apkg or .colpkg to a member's; repeating it adds nothing."""
    member_id, now = _find_member(member), clock.now()
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    found = read_safely(data, queries.list_readable_ids(member_id), now)
    merged = actions.bring_home(member_id, found, None, now)
    told = {
        "layout": found.layout,
        "cards": found.cards,
        "reviews_found": merged.new + merged.known,
        "reviews_new": merged.new,
        "reviews_known": merged.known,
        "refused": [{"row": row.row, "reason": row.sentence} for row in found.refused],
    }
    report(told, as_json)


def _shelf_of(code: str) -> frozenset[int]:
    """Return the units whose own questions the people of a unit meet."""
    unit = find_unit(code)
    if unit is None:
        raise NotFound(_("没有这个单位。"))
    return shelf_of(unit.id)


def _selected(member_id: int | None, wanted: Wanted) -> Selection:
    """Return what the options ask for."""
    if member_id is None:
        return queries.get_subject(wanted.subject, chapter=wanted.chapter or None)
    return queries.collect(member_id, wanted, clock.now())


def _member_id(member: str | None, needed: bool) -> int | None:
    """Return whom the option means; refuse an unknown one, and none where one is needed."""
    if member is None:
        if needed:
            raise Invalid(_("请用 --member 写明是谁的进度、错题和收藏。"))
        return None
    return _find_member(member)


def _find_member(member: str) -> int:
    """Return the id of a member by name or phone."""
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
