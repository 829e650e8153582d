"""Everything operating the site writes, in chapters: backups, erasure, jobs asked for, mending."""

from app.ops.actions.backups import KEEP, Backup, Restored, make_backup, restore_backup
from app.ops.actions.erasure import Erased, erase_again, erase_member, erase_person
from app.ops.actions.jobs import ask_for_job
from app.ops.actions.mending import mend_study

__all__ = [
    "KEEP",
    "Backup",
    "Erased",
    "Restored",
    "ask_for_job",
    "erase_again",
    "erase_member",
    "erase_person",
    "make_backup",
    "mend_study",
    "restore_backup",
]
