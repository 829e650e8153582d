"""The sheets of a workbook to questions, and what was recognised in each; pure."""

from app.bank.formats import tables
from app.bank.formats.draft import Draft, Parsed, Refused, parsed
from app.bank.formats.reasons import NO_HEADER, say
from app.bank.formats.settle import Record, settle_all
from app.bank.formats.template import EXAMPLES, EXPORTED, TITLES
from app.bank.formats.workbook import Sheet, read_workbook
from app.base.errors import Invalid


def parse_workbook(data: bytes) -> Parsed:
    """Return the questions of every sheet that holds some; raise Invalid when none does.

    Columns are guessed by content only when no sheet has titles. The examples of our own
    template are left out.
    """
    sheets = [sheet for sheet in read_workbook(data) if sheet.rows]
    own = [sheet for sheet in sheets if sheet.name == EXAMPLES]
    sheets = [sheet for sheet in sheets if sheet not in own]
    for guess in (False, True):
        found = [(s, c) for s in sheets if (c := tables.find_columns(s.rows, guess)) is not None]
        if found:
            break
    if not found:
        raise Invalid(say(NO_HEADER, n=tables.HEADER_WITHIN))
    records: list[Record] = []
    for sheet, columns in found:
        exact = sheet.name == EXPORTED and tuple(sheet.rows[columns.top]) == TITLES
        records += tables.read_table(sheet.rows, columns, sheet.name, exact)
    read = [sheet for sheet, _columns in found]
    left = [sheet for sheet in sheets if sheet not in read] + own
    settled: list[Draft | Refused] = settle_all(records)
    return parsed(_describe(found, left), settled)


def _describe(found: list[tuple[Sheet, tables.Columns]], left: list[Sheet]) -> str:
    """Return in words which sheets and columns were read and which were not."""
    parts = []
    for sheet, columns in found:
        notes = "（隐藏的工作表）" if sheet.hidden else ""
        if sheet.hidden_rows:
            notes += f"（有 {sheet.hidden_rows} 个隐藏行，照样读取）"
        parts.append(f"工作表“{sheet.name[:31]}”{notes}{tables.describe(columns)}")
    said = f"Excel 表格；{'；'.join(parts)}"
    if left:
        names = "、".join(f"“{sheet.name[:31]}”" for sheet in left[:10])
        said += f"；没有读取的工作表：{names}"
    return said + "。"
