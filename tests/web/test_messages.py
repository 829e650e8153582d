"""The English catalogue is complete: nothing missing, nothing left over, nothing fuzzy."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.web.cli import FOLDERS
from app.web.i18n import CATALOGUE
from app.web.messages import find_messages, read_catalogue, update_catalogue

pytestmark = pytest.mark.pure
PLACE = re.compile(r"%\(\w+\)[sd]|%%")


def faults(catalogue: Catalog, wanted: set[str]) -> list[str]:
    """Return what is missing, left over, fuzzy, or has other placeholders than the source."""
    known = {str(m.id): m for m in catalogue if m.id}
    found = [f"missing: {text}" for text in wanted - set(known)]
    found += [f"left over: {text}" for text in set(known) - wanted]
    for text, message in known.items():
        if not message.string:
            found.append(f"empty: {text}")
        elif message.fuzzy:
            found.append(f"fuzzy: {text}")
        elif sorted(PLACE.findall(text)) != sorted(PLACE.findall(str(message.string))):
            found.append(f"placeholders: {text}")
    return found


def test_the_catalogue_is_complete() -> None:
    wanted = find_messages(FOLDERS)
    assert len(wanted) > 250
    assert faults(read_catalogue(CATALOGUE), wanted) == []


def test_the_check_finds_planted_faults() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("旧", "old")
    catalogue.add("空", "")
    catalogue.add("疑", "doubt", flags=["fuzzy"])
    catalogue.add("%(n)s 题", "questions")
    found = faults(catalogue, {"空", "疑", "%(n)s 题", "新"})
    assert found == [
        "missing: 新",
        "left over: 旧",
        "empty: 空",
        "fuzzy: 疑",
        "placeholders: %(n)s 题",
    ]


def test_messages_are_found_in_code_and_in_templates_of_any_folder(tmp_path: Path) -> None:
    (tmp_path / "_layout").mkdir()
    (tmp_path / "_layout" / "a.html").write_text("{{ _('模板里的') }}")
    (tmp_path / "a.py").write_text('x = _l("代码里的")\ny = _("也在" "代码里")\n')
    assert find_messages([tmp_path]) == {"模板里的", "代码里的", "也在代码里"}


def test_updating_keeps_what_stands_and_takes_out_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "en.po"
    path.write_text('msgid "留"\nmsgstr "stay"\n\nmsgid "走"\nmsgstr "go"\n')
    assert update_catalogue(path, {"留", "来"}) == (1, 1)
    assert {m.id: m.string for m in read_catalogue(path) if m.id} == {"留": "stay", "来": ""}
    assert update_catalogue(path, {"留", "来"}) == (0, 0)
