"""Everything operating the site writes, in chapters: backups, erasure, jobs asked for."""

from app.ops.actions.backups import KEEP, Backup, Restored, make_backup, restore_backup
from app.ops.actions.erasure import Erased, erase_again, erase_member, erase_person
from app.ops.actions.jobs import ask_for_job

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
    "restore_backup",
]
