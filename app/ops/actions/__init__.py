"""Everything operating the site writes, in chapters: backups, erasure."""

from app.ops.actions.backups import KEEP, Backup, Restored, make_backup, restore_backup
from app.ops.actions.erasure import Erased, erase_again, erase_member, erase_person

__all__ = [
    "KEEP",
    "Backup",
    "Erased",
    "Restored",
    "erase_again",
    "erase_member",
    "erase_person",
    "make_backup",
    "restore_backup",
]
