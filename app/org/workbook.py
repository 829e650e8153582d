"""Cells of an .xlsx file from outside, read in a child process that may use little of anything."""

from flask_babel import gettext as _

from app.base import child
from app.base.errors import Invalid


def read_rows(data: bytes, most: int) -> list[list[str]] | None:
    """Return at most `most` rows of the first sheet as text, or None when it is no workbook.

    Raises Invalid when too many others are being read just now.
    """
    try:
        rows: list[list[str]] = child.run("app.org.cells:first_sheet", data, str(most))
    except Invalid as refusal:
        if refusal.message == child.BUSY:
            raise Invalid(_("正在处理别的文件，请过一会儿再试。")) from None
        return None
    return rows
