"""Everything operating the site writes, in chapters: backups."""

from app.ops.actions.backups import KEEP, Backup, Restored, make_backup, restore_backup

__all__ = ["KEEP", "Backup", "Restored", "make_backup", "restore_backup"]
