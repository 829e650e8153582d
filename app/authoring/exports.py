"""Published questions as files of each layout; pure."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from app.bank.catalogue import Question
from app.bank.formats.conversion import from_content
from app.bank.formats.draft import Draft
from app.base.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAYOUTS: dict[str, tuple[str, str]] = {  # name → (ending, MIME type)
    "xlsx": ("xlsx", XLSX),
    "gift": ("gift", "text/plain; charset=utf-8"),
    "moodle-xml": ("xml", "application/xml; charset=utf-8"),
    "toml": ("toml", "application/toml; charset=utf-8"),
}


def write(layout: str, questions: Sequence[Question]) -> bytes:
    """Return `questions` as a file of `layout`, a name in LAYOUTS; raises KeyError for another.

    Raises Invalid when TOML is wanted of questions from several editions.
    """
    # Writers are loaded when first used: they are a sixth of what starting the server costs.
    from app.bank.formats.write_gift import write_gift
    from app.bank.formats.write_moodle import write_moodle
    from app.bank.formats.write_xlsx import write_xlsx

    if layout == "toml":
        return _toml(questions)
    drafts = [_draft(question, row) for row, question in enumerate(questions, 1)]
    writers: dict[str, Callable[[Sequence[Draft]], bytes | str]] = {
        "xlsx": write_xlsx,
        "gift": write_gift,
        "moodle-xml": write_moodle,
    }
    written = writers[layout](drafts)
    return written if isinstance(written, bytes) else written.encode()


def source_of(question: Question) -> str:
    """Return the source in words; nothing for a unit's own question."""
    if question.unit_id is not None:
        return ""
    return f"《{question.document_title}》（{question.edition_short}）{question.provision_label}"


def _draft(question: Question, row: int) -> Draft:
    """Return a question as it is written into a table."""
    return from_content(question.content, row, source_of(question))


def _toml(questions: Sequence[Question]) -> bytes:
    """Return a file of the bank's own kind, which holds questions of one edition."""
    from app.bank.formats.write_toml import write_toml

    editions = {question.edition_id for question in questions}
    if len(editions) > 1:
        raise Invalid(_("一个 TOML 文件只放一个版本的题目，请先选定科目。"))
    return write_toml(editions.pop(), [question.content for question in questions]).encode()
