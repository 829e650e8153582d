"""A member's data as a workbook: one sheet a table, every cell plain text or a number; pure."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

TITLES = {
    "accounts_user": "账号",
    "accounts_session": "登录的设备",
    "accounts_invite": "邀请链接",
    "accounts_authenticator": "验证器应用",
    "accounts_identity": "单位账号",
    "accounts_passkey": "通行密钥",
    "accounts_recovery_code": "恢复码",
    "assess_appeal": "申诉",
    "assess_certificate": "证书",
    "assess_member_offset": "预计分数的个人偏差",
    "assess_score": "考评得分",
    "assess_weak": "可能需要帮助（昨晚统计）",
    "anki_link": "牌组下载链接",
    "anki_arrival": "待确认的 Anki 复习",
    "assign_attendance": "学时",
    "assign_person_term": "负责的事",
    "bank_report": "题目反馈",
    "quiz_attempt": "答卷",
    "quiz_slot": "答卷的题",
    "quiz_allowance": "加时",
    "quiz_remark": "重新评分",
    "study_card": "卡片",
    "study_review": "作答",
    "study_void": "撤销",
    "study_member_chapter": "各章汇总",
    "study_fed": "已计入学习的答卷",
    "study_waiting": "等试卷结束再计入的作答",
    "study_note": "笔记",
    "study_setting": "学习设置",
    "base_audit": "操作记录",
}
ROOM = 31  # characters that Excel allows in a sheet's name
LONGEST = 32_767  # characters that Excel allows in a cell


def write_workbook(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """Return an .xlsx file; text is written as text, so that nothing in it is ever a formula."""
    file = io.BytesIO()
    import xlsxwriter  # loaded when somebody wants a workbook

    book = xlsxwriter.Workbook(file, {"in_memory": True})
    for name, rows in tables.items():
        sheet = book.add_worksheet(TITLES.get(name, name)[:ROOM])
        for column, title in enumerate(rows[0] if rows else ()):
            sheet.write_string(0, column, title)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row.values()):
                _write(sheet, place, column, value)
    book.close()
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    """Write one cell; long numbers as text, because Excel keeps only 15 digits."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < 10**15:
        sheet.write_number(row, column, value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        sheet.write_string(row, column, text[:LONGEST])
