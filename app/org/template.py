"""The empty roster to download: a workbook whose cells are all text, so that phones stay whole."""

import io
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.org.party import POST_NAMES, STATUS_NAMES, UNKNOWN

HEADER = ("姓名", "手机", "单位", "人员类别", "职务")  # what `roster.COLUMNS` recognises
ROWS = 1000  # rows that offer the statuses to choose from


def make_template(units: Sequence[tuple[str, str]], now: datetime) -> bytes:
    """Return the .xlsx; `units` are code and name of those that may be written in it."""
    file = io.BytesIO()
    plain = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # loaded when somebody wants a workbook

    book = xlsxwriter.Workbook(file, {"in_memory": True, **plain})
    book.set_properties({"created": now.replace(tzinfo=None)})
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    sheet = book.add_worksheet("名册")
    sheet.set_column(0, len(HEADER) - 1, 18, text)
    for column, title in enumerate(HEADER):
        sheet.write_string(0, column, title, bold)
    statuses = [str(name) for code, name in STATUS_NAMES.items() if code != UNKNOWN]
    sheet.data_validation(1, 3, ROWS, 3, {"validate": "list", "source": statuses})
    notes = book.add_worksheet("说明")
    notes.set_column(0, 1, 40, text)
    for row, line in enumerate(_explanation()):
        notes.write_string(row, 0, line)
    names = book.add_worksheet("单位")
    names.set_column(0, 1, 30, text)
    for row, (code, name) in enumerate([("代码", "名称"), *units]):
        names.write_string(row, 0, code)
        names.write_string(row, 1, name)
    book.close()
    return file.getvalue()


def _explanation() -> tuple[str, ...]:
    """Return the lines of the second sheet."""
    posts = "、".join(str(name) for name in POST_NAMES.values())
    return (
        _("“姓名”必须填写；有同名的人时必须填写“手机”。"),
        _("“单位”写名称或代码，见“单位”表；不写的，归入上传时选的单位。"),
        _("“职务”可以写：%(posts)s；几个职务用顿号隔开。", posts=posts),
        _("空着的格子不会改动已有的登记；名册里没有的人不会被删除。"),
    )
