"""Everything operating the site reads, in chapters: copies."""

from app.ops.queries.copies import find_newest_copy, hash_postgresql

__all__ = ["find_newest_copy", "hash_postgresql"]
