"""Every write of the bank, in four chapters: publishing, amendments, units' own, reports."""

from app.bank.actions.amend import AmendResult, amend_edition, confirm_recheck
from app.bank.actions.own import add_own_question, retire_own_question, revise_own_question
from app.bank.actions.publish import PublishResult, digest_of, publish_bank
from app.bank.actions.reports import reply_report, report_question

__all__ = [
    "AmendResult",
    "PublishResult",
    "add_own_question",
    "amend_edition",
    "confirm_recheck",
    "digest_of",
    "publish_bank",
    "reply_report",
    "report_question",
    "retire_own_question",
    "revise_own_question",
]
